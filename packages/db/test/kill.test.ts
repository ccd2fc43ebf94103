import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '10');
const WRITER = fileURLToPath(new URL('kill-writer.ts', import.meta.url));

/** Runs a writer until it has acknowledged `enough`, kills it with -9, and returns all that it acknowledged. */
async function writeAndKill(url: string, run: string, enough: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, url, run], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(writer, 'exit');
  const acked: string[] = [];
  const lines = createInterface({ input: writer.stdout });
  lines.on('line', (line) => {
    acked.push(line);
    if (acked.length === enough) writer.kill('SIGKILL');
  });
  await once(lines, 'close');
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself (${String(signal)}).`);
  return acked;
}

test(
  `nothing acknowledged is lost over ${KILLS} kills`,
  { timeout: 60_000 + KILLS * 15_000 },
  async ({ expect }) => {
    await using database = await createTestDatabase();
    let total = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const run = `run${kill}`;
      const acked = await writeAndKill(database.url, run, 100 + Math.floor(Math.random() * 500));
      const rows = await database.read('select id from verifications where identifier = ?1', [run]);
      const stored = new Set(rows.map((row) => row['id']));
      expect(acked.filter((id) => !stored.has(id))).toEqual([]);
      total += acked.length;
    }
    expect(total).toBeGreaterThan(KILLS * 99);
    expect(await database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  },
);
