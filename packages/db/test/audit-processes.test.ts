// Security 93: `npm run prove` has each process write 1000 entries.
import { fileURLToPath } from 'node:url';

import { test } from 'vitest';

import { verify } from './audit-entries.ts';
import { HOSTS } from './databases.ts';
import { runAtOnce } from './run-at-once.ts';

const EACH = Number(process.env['EPHEMERA_AUDIT_ENTRIES'] ?? '40');
const WRITER = fileURLToPath(new URL('audit-writer.ts', import.meta.url));
const WAYS = [
  { name: 'four processes on one file', host: HOSTS[0], writers: ['node', 'node', 'node', 'node'] },
  {
    name: 'three isolates and a process on one server',
    host: HOSTS[2],
    writers: ['web', 'web', 'web', 'node'],
  },
];

test.for(WAYS)(
  `$name, ${EACH} entries each: one unbroken chain`,
  { timeout: 60_000 + EACH * 200 },
  async ({ name, host, writers }, { expect }) => {
    if (host === undefined) throw new Error('no such host');
    await using shared = await host.open();
    const startedAt = performance.now();

    const told = await runAtOnce(
      WRITER,
      writers.map((way, index) => [shared.url, `p${index}`, String(EACH), way]),
    );

    const tookMs = performance.now() - startedAt;
    const total = EACH * writers.length;
    expect(told.flat()).toEqual(writers.map(() => String(EACH)));
    expect(await verify(shared.database)).toMatchObject({
      broken: null,
      position: { seq: total, chained: total },
    });
    process.stdout.write(
      `${name}: ${total} entries in one chain, ${Math.round((total / tookMs) * 1_000)}/s\n`,
    );
  },
);
