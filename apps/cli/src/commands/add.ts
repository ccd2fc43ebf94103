import { readInteger, requireValue } from '../arguments.ts';
import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { describeKey, describeTest } from '../describe-key.ts';
import { connectAsOperator } from '../keys-api.ts';
import { readKey } from '../read-secret.ts';

const MAX_WEIGHT = 100;

export const addCommand: Command = {
  name: 'add',
  summary: 'put a key into the pool; the key is read from standard input',
  help: `The key is never taken from the command line. In a terminal you are asked for it without echo.

  --provider ID   whose key it is (openai, gemini, …); required
  --name TEXT     how people call it; by default the provider and the date
  --domain ID     project or organisation: keys of one domain share its rate limit
  --weight N      share of the use against other keys, 1 to ${MAX_WEIGHT} (default 1)
  --test          ask the provider first; nothing is stored when it says no
  --json          the server's answer as JSON

  npm run keys -- add --provider openai --name prod-1 --test < key.txt`,
  options: {
    provider: { type: 'string' },
    name: { type: 'string' },
    domain: { type: 'string' },
    weight: { type: 'string' },
    test: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: [],
  async run(terminal, input) {
    const provider = requireValue(input, 'provider');
    const weight = readInteger(input, 'weight', { min: 1, max: MAX_WEIGHT });
    const limitDomain = input.values.get('domain');
    const today = new Date(terminal.nowMs()).toISOString().slice(0, 10);
    const name = input.values.get('name') ?? `${provider} ${today}`;
    const key = await readKey(terminal);
    const api = await connectAsOperator(terminal);
    const answer = await api.add.mutate({
      provider,
      name,
      key,
      ...(weight === undefined ? {} : { weight }),
      ...(limitDomain === undefined ? {} : { limitDomain }),
      ...(input.flags.has('test') ? { test: true } : {}),
    });
    if (input.flags.has('json')) writeJson(terminal, answer);
    else {
      const tested = answer.test === null ? '' : ` It ${describeTest(answer.test)}.`;
      terminal.stdout.write(`Added ${describeKey(answer.key, terminal.nowMs())}.${tested}\n`);
    }
    return EXIT.done;
  },
};
