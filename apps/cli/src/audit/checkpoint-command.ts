import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { connectBroker } from '../keys-api.ts';
import { createNewFile } from './new-file.ts';

export const checkpointCommand: Command = {
  name: 'checkpoint',
  summary: 'the last entry and its hash, signed by the broker: to be kept where the broker cannot write',
  help: `  --file PATH   write it there (a new file) instead of showing it

Keep checkpoints apart from the database, and the public key in them once: \`audit verify --checkpoint PATH\` then shows
whether entries that existed were cut off or written anew.`,
  options: { file: { type: 'string' } },
  positionals: [],
  async run(terminal, { values }) {
    const { audit } = await connectBroker(terminal);
    const checkpoint = await audit.checkpoint.query();
    const file = values.get('file');
    if (file === undefined) {
      writeJson(terminal, checkpoint);
      return EXIT.done;
    }
    await using output = await createNewFile(terminal, file);
    await output.write(`${JSON.stringify(checkpoint, null, 2)}\n`);
    terminal.stderr.write(`Entry ${checkpoint.seq} is signed in ${output.shown}\n`);
    return EXIT.done;
  },
};
