import { EXIT } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { type ChainSource, openChainSource, SOURCE_HELP, SOURCE_OPTIONS } from './chain-source.ts';
import { createNewFile } from './new-file.ts';

const PAGE = 500;

export const exportCommand: Command = {
  name: 'export',
  summary: 'all entries as JSON lines, as they are stored and hashed, the oldest first',
  help: `  --file PATH         write them there (a new file) instead of showing them
${SOURCE_HELP}

Whoever has the lines can follow the chain: the hash of an entry is SHA-256 over the hash before it (64 zeros for the first
one), a line feed, and the JSON array [id, at, actorKind, actorId, action, target, result, requestId, ipPrefix, details].`,
  options: { file: { type: 'string' }, ...SOURCE_OPTIONS },
  positionals: [],
  async run(terminal, input) {
    await using source = await openChainSource(terminal, input);
    const file = input.values.get('file');
    if (file === undefined) {
      await exportTo(source, async (text) => void terminal.stdout.write(text));
      return EXIT.done;
    }
    await using output = await createNewFile(terminal, file);
    const count = await exportTo(source, output.write);
    terminal.stderr.write(`${count} entries are in ${output.shown}\n`);
    return EXIT.done;
  },
};

async function exportTo({ readPage }: ChainSource, write: (text: string) => Promise<void>): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const entries = await readPage(after, PAGE);
    if (entries.length > 0) await write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    count += entries.length;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return count;
    after = last.seq;
  }
}
