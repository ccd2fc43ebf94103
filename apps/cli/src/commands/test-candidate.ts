import { requireValue } from '../arguments.ts';
import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { describeTest } from '../describe-key.ts';
import { connectAsOperator } from '../keys-api.ts';
import { readKey } from '../read-secret.ts';

export const testCandidateCommand: Command = {
  name: 'test-candidate',
  summary: 'show a key that is not in the pool to its provider; nothing is stored',
  help: `The key is read from standard input. In a terminal you are asked for it without echo.

  --provider ID   whose key it is (openai, …); required
  --json          the server's answer as JSON

Ends with 1 when the key does not work.`,
  options: { provider: { type: 'string' }, json: { type: 'boolean' } },
  positionals: [],
  async run(terminal, input) {
    const provider = requireValue(input, 'provider');
    const key = await readKey(terminal);
    const api = await connectAsOperator(terminal);
    const answer = await api.testCandidate.mutate({ provider, key });
    if (input.flags.has('json')) writeJson(terminal, answer);
    else terminal.stdout.write(`It ${describeTest(answer)}.\n`);
    return answer.ok ? EXIT.done : EXIT.failed;
  },
};
