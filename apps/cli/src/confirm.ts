import { createInterface } from 'node:readline';

import { CliError, EXIT } from './cli-error.ts';
import { sanitize } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Has the key's name typed before something that callers will feel. `isSure` is `--yes`. */
export async function confirmByName(
  terminal: Terminal,
  question: { what: string; name: string; isSure: boolean },
): Promise<void> {
  if (question.isSure) return;
  if (terminal.stdin.isTTY !== true) {
    throw new CliError(EXIT.usage, `Nobody can confirm this here: add --yes to ${question.what}.`);
  }
  const shown = sanitize(question.name);
  terminal.stderr.write(`To ${question.what}, type its name (${shown}): `);
  if ((await readLine(terminal)) === question.name) return;
  throw new CliError(EXIT.usage, 'That is not its name; nothing was changed.');
}

async function readLine({ stdin }: Terminal): Promise<string> {
  const lines = createInterface({ input: stdin });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.once('line', resolve);
  lines.once('close', () => {
    resolve('');
  });
  try {
    return await promise;
  } finally {
    lines.close();
  }
}
