import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { verify } from './audit-entries.ts';
import { writeAndKill } from './write-and-kill.ts';

const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '3');
const WRITER = fileURLToPath(new URL('audit-kill-writer.ts', import.meta.url));

test(
  `after each of ${KILLS} kills the chain holds, and every row has its entry`,
  { timeout: 60_000 + KILLS * 15_000 },
  async ({ expect }) => {
    await using database = await createTestDatabase();
    const acked: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      acked.push(
        ...(await writeAndKill(WRITER, [database.url, `run${kill}`], 50 + Math.floor(Math.random() * 200))),
      );
      const [rows] = await database.read(
        `select count(*) as entries, (select count(*) from provider_keys) as stored,
          (select count(*) from provider_keys k where not exists (select 1 from audit_entries a where a.target = k.id)) as alone
        from audit_entries`,
      );
      expect(rows).toMatchObject({ entries: rows?.['stored'], alone: 0 });
      expect(await verify(database)).toMatchObject({
        broken: null,
        position: { chained: Number(rows?.['entries']) },
      });
    }
    const stored = new Set((await database.read('select id from provider_keys')).map((row) => row['id']));
    expect(acked.filter((id) => !stored.has(id))).toEqual([]);
  },
);
