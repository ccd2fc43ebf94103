import { verifyChain } from '@ephemera/db';
import type { ChainBreak, ChainPosition } from '@ephemera/db';
import { resolve } from 'node:path';

import type { CommandInput } from '../arguments.ts';
import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { type ChainSource, openChainSource, SOURCE_HELP, SOURCE_OPTIONS } from './chain-source.ts';
import { type CheckpointFile, readCheckpointFile } from './checkpoint-file.ts';

type Finding = { seq: number; id: string | null; reason: ChainBreak['reason'] | 'other_than_checkpoint' };
type Outcome = { position: ChainPosition; broken: Finding | null; checkpoint: CheckpointFile | null };

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'follow the chain from its first entry to its last; names the first broken one',
  help: `  --checkpoint FILE   also compare with a checkpoint that was kept elsewhere: only that shows a cut tail, or a chain
                      that somebody wrote anew, for certain
${SOURCE_HELP}
  --json              the outcome as JSON

Where AUDIT_PUBLIC_KEY is set, the checkpoint must be signed with that key. Every hash is computed here, from the entries as they are stored. Ends with 1 when the chain is broken.`,
  options: {
    checkpoint: { type: 'string' },
    json: { type: 'boolean' },
    ...SOURCE_OPTIONS,
  },
  positionals: [],
  async run(terminal, input) {
    // First, so that a file that is none costs no reading.
    const checkpoint = await readCheckpoint(terminal, input);
    await using source = await openChainSource(terminal, input);
    const outcome = await verifySource(terminal, source, checkpoint);
    if (input.flags.has('json')) writeJson(terminal, outcome);
    else showOutcome(terminal, source, outcome);
    return outcome.broken === null ? EXIT.done : EXIT.failed;
  },
};

async function readCheckpoint(
  { callersFolder, env }: Terminal,
  { values }: CommandInput,
): Promise<CheckpointFile | null> {
  const file = values.get('checkpoint');
  return file === undefined
    ? null
    : await readCheckpointFile(resolve(callersFolder, file), env['AUDIT_PUBLIC_KEY'] || undefined);
}

async function verifySource(
  terminal: Terminal,
  source: ChainSource,
  checkpoint: CheckpointFile | null,
): Promise<Outcome> {
  const { position, broken } = await verifyChain({
    readPage: source.readPage,
    onProgress: ({ seq }) => {
      if (terminal.stderr.isTTY === true) terminal.stderr.write(`\r${seq} …`);
    },
  });
  if (terminal.stderr.isTTY === true) terminal.stderr.write('\r');
  const missing = broken ?? (await source.findMissingTail());
  const differing = checkpoint === null ? null : await compare(source, checkpoint);
  return { position, broken: chooseFirst(missing, differing), checkpoint };
}

/** What the checkpoint says of its entry, against what stands there now. */
async function compare({ readPage }: ChainSource, { seq, hash }: CheckpointFile): Promise<Finding | null> {
  const [entry] = await readPage(seq - 1, 1);
  if (entry?.seq !== seq) return { seq, id: null, reason: 'tail_missing' };
  return entry.hash === hash ? null : { seq, id: entry.id, reason: 'other_than_checkpoint' };
}

function chooseFirst(one: Finding | null, other: Finding | null): Finding | null {
  if (one === null || other === null) return one ?? other;
  return one.seq <= other.seq ? one : other;
}

const REASONS: Readonly<Record<Finding['reason'], string>> = {
  hash_mismatch: 'its hash does not fit what it says, or it does not follow the one before it',
  hash_missing: 'its hash was taken away',
  entries_missing: 'entries before it are missing',
  tail_missing: 'it was there, and is gone',
  other_than_checkpoint: 'it is another one than when the checkpoint was made: the chain was written anew',
};

function showOutcome(terminal: Terminal, { name }: ChainSource, outcome: Outcome): void {
  const { position, broken, checkpoint } = outcome;
  const { seq, chained, unchained, hash } = position;
  const { stdout } = terminal;
  if (unchained > 0)
    stdout.write(`${unchained} entries are from before the chain: nothing vouches for them.\n`);
  if (broken === null) {
    stdout.write(
      chained === 0
        ? `There is no chained entry in ${name}.\n`
        : `The chain holds: ${chained} entries in ${name}, up to entry ${seq} (${hash}).\n`,
    );
    if (checkpoint !== null) {
      stdout.write(`It fits the checkpoint of ${sanitize(checkpoint.at)} at entry ${checkpoint.seq}.\n`);
    }
    return;
  }
  const upTo = Math.min(seq, broken.seq - 1);
  stdout.write(`The chain in ${name} holds up to entry ${upTo}.\n`);
  const id = broken.id === null ? '' : ` (${sanitize(broken.id)})`;
  stdout.write(`Broken at entry ${broken.seq}${id}: ${REASONS[broken.reason]}.\n`);
}
