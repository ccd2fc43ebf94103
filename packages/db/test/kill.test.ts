import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { writeAndKill } from './write-and-kill.ts';

const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '4');
const WRITER = fileURLToPath(new URL('kill-writer.ts', import.meta.url));

test(
  `nothing acknowledged is lost over ${KILLS} kills`,
  { timeout: 60_000 + KILLS * 15_000 },
  async ({ expect }) => {
    await using database = await createTestDatabase();
    let total = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const run = `run${kill}`;
      const acked = await writeAndKill(WRITER, [database.url, run], 100 + Math.floor(Math.random() * 500));
      const rows = await database.read('select id from verifications where identifier = ?1', [run]);
      const stored = new Set(rows.map((row) => row['id']));
      expect(acked.filter((id) => !stored.has(id))).toEqual([]);
      total += acked.length;
    }
    expect(total).toBeGreaterThan(KILLS * 99);
    expect(await database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  },
);
