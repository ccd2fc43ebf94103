// kill -9 of the real process under load: what was handed out must stand in the file. `npm run prove` does it 200 times.
import { tidySessions } from '@ephemera/api';
import { createNodeDatabase } from '@ephemera/db/node';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'vitest';

import { expectCountersToEqualRows } from './support/counters.ts';
import { HOST_ENVIRONMENT, NODE_ENTRY, READY, startProcess } from './support/processes.ts';
import { takeSimulator } from './support/simulators.ts';

const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '3');
const CONCURRENCY = 16;
const MAX_LIFE_MS = 400;
const ADMITTED_MS = 61_000;
const MANY_KILLS = 20;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SETTINGS = { unreportedSessions: 'release' } as const;

/** Mints until the server is gone; the session ids whose answers arrived whole. */
async function mintUntilGone(url: string, token: string, acknowledge: (id: string) => void): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${url}/v1/realtime/client_secrets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
      await response.json();
      const id = response.headers.get('x-broker-session-id');
      if (response.status === 200 && id !== null) acknowledge(id);
    } catch {
      return; // The kill.
    }
  }
}

test(
  `${KILLS} kills under load lose no session that was acknowledged`,
  { timeout: 60_000 + KILLS * 10_000 },
  async ({ expect }) => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-kill-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const simulator = opened.use(await takeSimulator());
    const env = {
      ...HOST_ENVIRONMENT,
      PORT: '0',
      DATA_DIR: folder,
      OPENAI_BASE_URL: `${simulator.url}/v1`,
      OPENAI_API_KEY: simulator.apiKey,
      MINTS_PER_MINUTE: '1000000',
      MINTS_PER_MINUTE_PER_ADDRESS: '1000000',
      MAX_OPEN_SESSIONS: '1000000',
    };
    const acknowledged = new Set<string>();
    const startsMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const startedMs = performance.now();
      await using host = startProcess({ command: process.execPath, args: [NODE_ENTRY], env });
      const url = READY.exec(await host.waitFor(READY))?.[1] ?? '';
      startsMs.push(performance.now() - startedMs);
      const { userToken } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'));
      const first = Promise.withResolvers<void>();
      const acknowledge = (id: string): void => {
        acknowledged.add(id);
        first.resolve();
      };
      const load = Array.from({ length: CONCURRENCY }, () => mintUntilGone(url, userToken, acknowledge));
      await first.promise;
      await wait(Math.random() * MAX_LIFE_MS);
      host.child.kill('SIGKILL');
      await Promise.all(load);
    }
    const database = await createNodeDatabase({ url: `file:${join(folder, 'ephemera.db')}` });
    opened.defer(() => database.close());
    const rows = await database.read('select id from sessions');
    const stored = new Set(rows.map((row) => row['id']));
    const lost = [...acknowledged].filter((id) => !stored.has(id));
    expect(lost).toEqual([]);
    expect(await database.read('pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
    await expectCountersToEqualRows(database, expect);
    // Whoever asked a provider when the process died gives back within a minute.
    const clock = { now: () => Date.now() + ADMITTED_MS };
    await tidySessions({ database, clock, logger: SILENT, settings: SETTINGS });
    expect(await database.read("select id from sessions where state = 'admitted'")).toEqual([]);
    await expectCountersToEqualRows(database, expect);
    const medianMs = startsMs.toSorted((one, other) => one - other)[Math.floor(startsMs.length / 2)] ?? 0;
    // Beside other suites a start takes as long as they let it.
    if (KILLS > MANY_KILLS) expect(medianMs).toBeLessThan(1_000);
    process.stdout.write(
      `${KILLS} kills: ${acknowledged.size} acknowledged, ${stored.size} stored, 0 lost; ready again in ${Math.round(medianMs)} ms (median)\n`,
    );
  },
);
