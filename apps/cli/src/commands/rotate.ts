import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { describeKey, describeTest } from '../describe-key.ts';
import { parseSeconds } from '../duration.ts';
import { connectAsOperator, findKey } from '../keys-api.ts';
import { readKey } from '../read-secret.ts';

export const rotateCommand: Command = {
  name: 'rotate',
  summary: 'put a new key in the place of an old one; the new key is read from standard input',
  help: `  <key>            id or name of the old key
  --overlap TIME   for so long both are used, then the old one drains: 0s, 90s, 15m, 2h, 7d (default 15m)
  --name TEXT      name of the new key (default: the old one's)
  --test           ask the provider first; nothing is changed when it says no
  --json           the server's answer as JSON

  npm run keys -- rotate prod-1 --overlap 15m --test < new-key.txt`,
  options: {
    overlap: { type: 'string', default: '15m' },
    name: { type: 'string' },
    test: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: ['key'],
  async run(terminal, { positionals: [selector = ''], values, flags }) {
    const overlapSeconds = parseSeconds('overlap', values.get('overlap') ?? '');
    const name = values.get('name');
    const key = await readKey(terminal);
    const api = await connectAsOperator(terminal);
    const { id } = findKey(await api.list.query({}), selector);
    const answer = await api.rotate.mutate({
      id,
      key,
      overlapSeconds,
      ...(name === undefined ? {} : { name }),
      ...(flags.has('test') ? { test: true } : {}),
    });
    if (flags.has('json')) writeJson(terminal, answer);
    else {
      const nowMs = terminal.nowMs();
      const tested = answer.test === null ? '' : ` It ${describeTest(answer.test)}.`;
      terminal.stdout.write(`New: ${describeKey(answer.key, nowMs)}.${tested}\n`);
      terminal.stdout.write(`Old: ${describeKey(answer.old, nowMs)}.\n`);
    }
    return EXIT.done;
  },
};
