// A history as Jepsen would take it: nodes write to each other while the real host is killed with -9 and comes back.
import { createNodeDatabase } from '@ephemera/db/node';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

import { createDice } from './support/dice.ts';
import { checkHistory, describeHistory, FLAWLESS, type History } from './support/message-history.ts';
import { MESSAGE_SEEDS } from './support/message-seeds.ts';
import { runTraffic } from './support/message-traffic.ts';
import { type MortalHost, startMortalHost } from './support/mortal-host.ts';
import { createKeyPair, joinNetwork, reachHost, type TestNode } from './support/nodes.ts';

type Plan = { nodes: number; messages: number; kills: number; seeds: readonly number[] };

const KEPT = fileURLToPath(new URL('../../../node_modules/.cache/message-histories/', import.meta.url));
const UNLIMITED = { NODE_MESSAGES_PER_MINUTE: '1000000', NODE_MAILBOX_MESSAGES: '100000' };
const MAX_LIFE_MS = 300;

/** `6x20x1`: so many nodes, messages of each, kills. `npm run prove` sets longer ones. */
function readPlan(): Plan {
  const text = process.env['EPHEMERA_MESSAGES'] ?? '6x20x1';
  const [nodes = 0, messages = 0, kills = 0] = text.split('x').map(Number);
  const seed = process.env['EPHEMERA_SEED'];
  return { nodes, messages, kills, seeds: seed === undefined ? MESSAGE_SEEDS : seed.split(',').map(Number) };
}

const PLAN = readPlan();
const TOTAL = PLAN.nodes * PLAN.messages;

async function joinMany(url: string): Promise<TestNode[]> {
  const keys = Array.from({ length: PLAN.nodes }, () => createKeyPair());
  const ids = keys.map((_, index) => `node-${String(index).padStart(3, '0')}`);
  return await Promise.all(ids.map((id, index) => joinNetwork(reachHost(url), id, { keys: keys[index] })));
}

/** Spread over the run: each after its part of the messages, a random moment later. */
function planKills(host: MortalHost, seed: number) {
  const dice = createDice(seed);
  let sent = 0;
  let done = Promise.resolve();
  let killed = 0;
  return {
    onSent: () => {
      sent += 1;
      if (sent < ((killed + 1) * TOTAL) / (PLAN.kills + 1) || killed === PLAN.kills) return;
      killed += 1;
      done = done.then(() => wait(dice.below(MAX_LIFE_MS))).then(() => host.killAndRestart());
    },
    done: async () => {
      await done;
      return killed;
    },
  };
}

/** To be looked at, and to be run again by its seed. */
async function keepHistory(history: History): Promise<string> {
  await mkdir(KEPT, { recursive: true });
  const path = join(KEPT, `seed-${history.seed}.json`);
  await writeFile(path, JSON.stringify(history, null, 1));
  return path;
}

for (const seed of PLAN.seeds) {
  test(
    `seed ${seed}: ${PLAN.nodes} nodes, ${PLAN.messages} messages each, ${PLAN.kills} kills: nothing is lost, late, strange or repeated`,
    { timeout: 60_000 + TOTAL * 20 + PLAN.kills * 10_000 },
    async ({ expect }) => {
      await using opened = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), 'ephemera-messages-'));
      opened.defer(() => rm(folder, { recursive: true, force: true }));
      const upstream = { OPENAI_API_KEY: 'sk-nobody-is-asked', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
      const env = { ...UNLIMITED, ...upstream, NODE_REGISTRATION: 'open', DATA_DIR: folder };
      const host = opened.use(await startMortalHost(env));
      const nodes = await joinMany(host.url);
      const history: History = { seed, sends: [], receives: [], marks: [] };
      const kills = planKills(host, seed);
      const startedMs = performance.now();
      const reach = reachHost(host.url);
      const { onSent } = kills;
      await runTraffic({ host, reach, nodes, messagesPerNode: PLAN.messages, seed, history, onSent });
      const seconds = (performance.now() - startedMs) / 1_000;
      expect(await kills.done()).toBe(PLAN.kills);
      const verdict = checkHistory(history);
      const isFlawless = Object.values(verdict).every((flaws) => flaws.length === 0);
      const path = isFlawless ? '' : await keepHistory(history);
      expect([path, verdict]).toEqual(['', FLAWLESS]);
      const database = await createNodeDatabase({ url: `file:${join(folder, 'ephemera.db')}` });
      opened.defer(() => database.close());
      expect(await database.read('pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
      expect(
        await database.read(`select b.node_id from mailboxes b left join deliveries d
          on d.to_node = b.node_id and d.is_open = 1 group by b.node_id having b.pending <> count(d.to_node)`),
      ).toEqual([]);
      process.stdout.write(
        `seed ${seed}, ${PLAN.kills} kills, ${seconds.toFixed(1)} s: ${describeHistory(history)}; 0 lost\n`,
      );
    },
  );
}
