import { fileURLToPath } from 'node:url';

import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { insertKey, insertReport, readCounts } from './provider-keys.ts';
import { writeAndKill } from './write-and-kill.ts';

/** `npm run prove` does it 200 times. */
const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '5');
const REPORTER = fileURLToPath(new URL('kill-reporter.ts', import.meta.url));

/** The counts of the keys as the stored reports give them. */
async function addUpReports(database: TestDatabase) {
  const rows = await database.read(
    'select key_id, count(*) as uses, sum(ok = 0) as errors from provider_key_reports group by key_id order by key_id',
  );
  return rows.map((row) => {
    const [uses, errors] = [Number(row['uses']), Number(row['errors'])];
    return { id: String(row['key_id']), uses, errors, hourUses: uses, hourErrors: errors };
  });
}

test(
  `no acknowledged report is lost, and none counted twice, over ${KILLS} kills`,
  {
    timeout: 60_000 + KILLS * 15_000,
  },
  async ({ expect }) => {
    await using database = await createTestDatabase();
    for (const id of ['k0', 'k1', 'k2']) await database.write(insertKey(id));
    const acked: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = 50 + Math.floor(Math.random() * 200);
      acked.push(...(await writeAndKill(REPORTER, [database.url, `run${kill}`], enough)));
      const rows = await database.read(
        "select key_id || ' ' || idempotency_key as report from provider_key_reports",
      );
      const stored = new Set(rows.map((row) => row['report']));
      expect(acked.filter((report) => !stored.has(report))).toEqual([]);
      expect(await readCounts(database)).toEqual(await addUpReports(database));
    }
    const before = await readCounts(database);
    // A caller who never saw its acknowledgement sends it again.
    await Promise.all(
      acked.map((report) => {
        const [keyId = '', idempotencyKey = ''] = report.split(' ');
        return database.write(insertReport({ keyId, idempotencyKey, error: 'again' }));
      }),
    );
    expect(await readCounts(database)).toEqual(before);
    expect(acked.length).toBeGreaterThanOrEqual(KILLS * 50);
    expect(await database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  },
);
