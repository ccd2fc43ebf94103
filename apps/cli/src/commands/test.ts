import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { describeKey, describeTest } from '../describe-key.ts';
import { connectAsOperator, findKey } from '../keys-api.ts';

export const testCommand: Command = {
  name: 'test',
  summary: 'show a stored key to its provider; a pass heals it, a failure counts like any other',
  help: `  <key>    id or name
  --json   the server's answer as JSON

Ends with 1 when the key does not work.`,
  options: { json: { type: 'boolean' } },
  positionals: ['key'],
  async run(terminal, { positionals: [selector = ''], flags }) {
    const api = await connectAsOperator(terminal);
    const { id } = findKey(await api.list.query({}), selector);
    const answer = await api.test.mutate({ id });
    if (flags.has('json')) writeJson(terminal, answer);
    else {
      const shown = describeKey(answer.key, terminal.nowMs());
      terminal.stdout.write(`${shown}\nIt ${describeTest(answer.test)}.\n`);
    }
    return answer.test.ok ? EXIT.done : EXIT.failed;
  },
};
