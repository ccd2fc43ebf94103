import { EXIT } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { formatWhen, parseSeconds } from '../duration.ts';
import { connectToAccessKeys, describeAccessKey, findAccessKey } from './access-keys-api.ts';
import { writeSecret } from './write-secret.ts';

export const rotateCommand: Command = {
  name: 'rotate',
  summary: 'give a key a new secret, written to standard output once; the old one works on for a while',
  help: `  <key>          id or name
  --grace TIME   for so long the old secret is accepted too: 0s, 90s, 15m, 2h, 7d (default 1d)
  --json         the server's answer as JSON

  npm run access-keys -- rotate backend --grace 2h > backend.key`,
  options: { grace: { type: 'string', default: '1d' }, json: { type: 'boolean' } },
  positionals: ['key'],
  async run(terminal, { positionals: [selector = ''], values, flags }) {
    const graceSeconds = parseSeconds('grace', values.get('grace') ?? '');
    const api = await connectToAccessKeys(terminal);
    const { id } = await findAccessKey(api, selector);
    const answer = await api.rotate.mutate({ id, graceSeconds });
    const { key, old } = answer;
    const end = formatWhen(old.graceUntil, terminal.nowMs());
    const told = `Rotated ${describeAccessKey(key)}. The old secret …${old.lastFour} ends ${end}.`;
    writeSecret(terminal, { answer, told, isJson: flags.has('json') });
    return EXIT.done;
  },
};
