/**
 * Machines of the node network over HTTP: registers some, logs them in as fast as they are let, then beats at a steady
 * rate. Signing is the machines' own work, so every challenge is signed before the clock runs.
 */
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

import type { NodeLoadMeasured, NodeLoadOrder } from '../nodes.ts';

type Machine = { id: string; privateKey: KeyObject; token: string };

const LANES = 16;
const MS_PER_SECOND = 1_000;
/** Heartbeats are sent in bursts so far apart: a timer is no finer. */
const TICK_MS = 10;

function createPair() {
  return generateKeyPairSync('rsa', { modulusLength: 3_072 });
}

function signText(key: KeyObject, text: string): Buffer {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_MAX_SIGN: saltLength } = constants;
  return sign('sha256', Buffer.from(text), { key, padding, saltLength });
}

function createClient(url: string) {
  const pool = new Pool(url, { connections: 64 });
  return {
    close: () => pool.close(),
    send: async (path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> => {
      const answer = await pool.request({
        method: 'POST',
        path,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
      return JSON.parse(text);
    },
  };
}

type Client = ReturnType<typeof createClient>;

function readText(value: unknown, name: string): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof text !== 'string') throw new Error(`there is no ${name} in the answer`);
  return text;
}

async function logIn(client: Client, id: string, privateKey: KeyObject): Promise<string> {
  const challenge = readText(await client.send('/api/v1/auth/login', { node_id: id }), 'challenge');
  const signature = signText(privateKey, challenge).toString('hex');
  const tokens = await client.send('/api/v1/auth/verify', { node_id: id, challenge, signature });
  return readText(tokens, 'access_token');
}

async function join(client: Client, id: string): Promise<Machine> {
  const { privateKey, publicKey } = createPair();
  await client.send('/api/v1/auth/register', {
    node_id: id,
    name: id,
    type: 'bench',
    capabilities: ['bench'],
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    endpoint: `https://${id}.example.test`,
  });
  return { id, privateKey, token: await logIn(client, id, privateKey) };
}

async function runLanes(work: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  const lanes = Array.from({ length: LANES }, async () => {
    let done = 0;
    while (await work()) done += 1;
    return done;
  });
  const done = (await Promise.all(lanes)).reduce((sum, one) => sum + one, 0);
  return (done * MS_PER_SECOND) / (performance.now() - startedAt);
}

type Prepared = { node_id: string; challenge: string; signature: string };

async function prepare(client: Client, machines: readonly Machine[], count: number): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (let index = 0; index < count; index += 1) {
    const machine = machines[index % machines.length];
    if (machine === undefined) throw new Error('there is no machine');
    const { id, privateKey } = machine;
    const challenge = readText(await client.send('/api/v1/auth/login', { node_id: id }), 'challenge');
    prepared.push({ node_id: id, challenge, signature: signText(privateKey, challenge).toString('hex') });
  }
  return prepared;
}

/** Each asks for a challenge, as every log-in does, and shows one that it has signed before. */
async function measureLogIns(client: Client, prepared: readonly Prepared[]): Promise<number> {
  const rest = [...prepared];
  return await runLanes(async () => {
    const next = rest.pop();
    if (next === undefined) return false;
    await client.send('/api/v1/auth/login', { node_id: next.node_id });
    await client.send('/api/v1/auth/verify', next);
    return true;
  });
}

async function beat(client: Client, { id, token }: Machine): Promise<number> {
  const startedAt = performance.now();
  const metrics = { cpu_usage: 45.2, memory_usage: 67.8, disk_usage: 23.4, network_in: 1_024 };
  const body = { timestamp: new Date().toISOString(), status: 'healthy', metrics };
  await client.send(`/api/v1/nodes/${id}/heartbeat`, body, { authorization: `Bearer ${token}` });
  return performance.now() - startedAt;
}

/** At a steady rate, whether or not the ones before have been answered. */
async function measureHeartbeats(client: Client, machines: readonly Machine[], order: NodeLoadOrder) {
  const answers: Promise<number>[] = [];
  const startedAt = performance.now();
  const total = (order.heartbeatsPerSecond * order.heartbeatMs) / MS_PER_SECOND;
  while (answers.length < total) {
    const due = ((performance.now() - startedAt) * order.heartbeatsPerSecond) / MS_PER_SECOND;
    for (let index = answers.length; index < Math.min(due, total); index += 1) {
      const machine = machines[index % machines.length];
      if (machine !== undefined) answers.push(beat(client, machine));
    }
    await sleep(TICK_MS);
  }
  const latencies = (await Promise.all(answers)).toSorted((a, b) => a - b);
  const rate = (latencies.length * MS_PER_SECOND) / (performance.now() - startedAt);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { perSecond: rate, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function carryOut(order: NodeLoadOrder): Promise<NodeLoadMeasured> {
  const client = createClient(order.url);
  const machines: Machine[] = [];
  for (let index = 0; index < order.machines; index += 1) machines.push(await join(client, `bench-${index}`));
  const prepared = await prepare(client, machines, order.logIns);
  const logInsPerSecond = await measureLogIns(client, prepared);
  const heartbeats = await measureHeartbeats(client, machines, order);
  await client.close();
  return { logInsPerSecond, heartbeats };
}

process.once('message', (order: NodeLoadOrder) => {
  void carryOut(order).then(
    (measured) => process.send?.({ kind: 'done', measured }),
    (error: unknown) => process.send?.({ kind: 'error', message: String(error) }),
  );
});
process.on('disconnect', () => {
  process.exit(0);
});
