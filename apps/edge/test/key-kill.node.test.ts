// kill -9 of the real process in the middle of reports: what it acknowledged must stand in the file, and count once.
import { createChainReader, verifyChain } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'vitest';

import { DEMO_DEFAULTS } from '../src/demo-defaults.ts';
import { HOST_ENVIRONMENT, NODE_ENTRY, READY, startProcess } from './support/processes.ts';

/** `npm run prove` does it 200 times. */
const KILLS = Number(process.env['EPHEMERA_KILLS'] ?? '3');
const WIDTH = 16;
const MAX_LIFE_MS = 300;
/** A record of the demo that no mint uses. */
const KEY_ID = 'pkey_00000000000000000000dem004';
const SECRET = DEMO_DEFAULTS.internalApiSecret;

type Ledger = { acknowledged: Set<string>; sent: string[] };

/** Reports until the server is gone. */
async function reportUntilGone(url: string, name: string, ledger: Ledger): Promise<void> {
  for (let at = 0; ; at += 1) {
    const idempotencyKey = `${name}-${at}`;
    ledger.sent.push(idempotencyKey);
    try {
      const response = await fetch(`${url}/api/internal/api-keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
        body: JSON.stringify({ keyId: KEY_ID, success: at % 7 !== 0, idempotencyKey }),
      });
      await response.json();
      if (response.status === 200) ledger.acknowledged.add(idempotencyKey);
    } catch {
      return; // The kill.
    }
  }
}

test(
  `${KILLS} kills in the middle of reports lose none that was acknowledged and count none twice`,
  { timeout: 60_000 + KILLS * 10_000 },
  async ({ expect }) => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-key-kill-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const env = {
      ...HOST_ENVIRONMENT,
      PORT: '0',
      DATA_DIR: folder,
      INTERNAL_REPORTS_PER_MINUTE: '1000000',
    };
    const ledger: Ledger = { acknowledged: new Set(), sent: [] };
    for (let kill = 0; kill < KILLS; kill += 1) {
      await using host = startProcess({ command: process.execPath, args: [NODE_ENTRY], env });
      const url = READY.exec(await host.waitFor(READY))?.[1] ?? '';
      await fetch(`${url}/api/internal/api-keys`, { headers: { authorization: `Bearer ${SECRET}` } });
      const before = ledger.acknowledged.size;
      const load = Array.from({ length: WIDTH }, (_, index) =>
        reportUntilGone(url, `${kill}-${index}`, ledger),
      );
      while (ledger.acknowledged.size === before) await wait(1);
      await wait(Math.random() * MAX_LIFE_MS);
      host.child.kill('SIGKILL');
      await Promise.all(load);
    }
    const database = await createNodeDatabase({ url: `file:${join(folder, 'ephemera.db')}` });
    opened.defer(() => database.close());
    const rows = await database.read(
      "select idempotency_key, ok from provider_key_reports where caller = 'internal'",
    );
    const stored = new Set(rows.map((row) => String(row['idempotency_key'])));
    const lost = [...ledger.acknowledged].filter((key) => !stored.has(key));
    expect(lost).toEqual([]);
    const unsent = [...stored].filter((key) => !ledger.sent.includes(key));
    expect(unsent).toEqual([]);
    const errors = rows.filter((row) => row['ok'] === 0).length;
    const [key] = await database.read(
      `select usage_count - (select sum(uses) from provider_key_hours where key_id = ?1) as apart,
        usage_count, error_count from provider_keys where id = ?1`,
      [KEY_ID],
    );
    // The demo's key begins with a past of 37 uses.
    expect(key).toEqual({ apart: 0, usage_count: 37 + rows.length, error_count: errors });
    expect(await database.read('pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
    const { broken, position } = await verifyChain({ readPage: createChainReader(database) });
    expect(broken).toBeNull();
    // Each start reads the keys once: an entry a life.
    expect(position.chained).toBeGreaterThanOrEqual(KILLS);
    process.stdout.write(
      `${KILLS} kills: ${ledger.acknowledged.size} acknowledged, ${stored.size} stored, 0 lost\n`,
    );
  },
);
