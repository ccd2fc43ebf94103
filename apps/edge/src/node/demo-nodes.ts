import type { Database, SqlValue, Statement } from '@ephemera/db';
import { createHash, createPublicKey } from 'node:crypto';

import { DEMO_NODE_KEYS } from './demo-node-keys.ts';

export type DemoNode = {
  id: string;
  name: string;
  type: string;
  capabilities: readonly string[];
  region: string;
  version: string;
  status: string;
  load: number;
  /** Its last sign of life, before the start; null: it goes on. */
  silentMs: number | null;
  publicKey: string;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Three that beat, one that has just gone silent, one that has been gone for days. */
export const DEMO_NODES: readonly DemoNode[] = [
  {
    id: 'demo-gateway-paris',
    name: 'Demo data: gateway, Paris',
    type: 'demo-gateway',
    capabilities: ['demo', 'demo-routing', 'demo-storage'],
    region: 'demo-eu-west',
    version: '2.4.1',
    status: 'healthy',
    load: 0.35,
    silentMs: null,
    publicKey: DEMO_NODE_KEYS.paris,
  },
  {
    id: 'demo-voice-dublin',
    name: 'Demo data: voice worker, Dublin',
    type: 'demo-voice-worker',
    capabilities: ['demo', 'demo-speech', 'demo-transcription'],
    region: 'demo-eu-west',
    version: '1.12.0',
    status: 'healthy',
    load: 0.62,
    silentMs: null,
    publicKey: DEMO_NODE_KEYS.dublin,
  },
  {
    id: 'demo-voice-tokyo',
    name: 'Demo data: voice worker, Tokyo',
    type: 'demo-voice-worker',
    capabilities: ['demo', 'demo-speech'],
    region: 'demo-ap-northeast',
    version: '1.12.0',
    status: 'degraded',
    load: 0.86,
    silentMs: null,
    publicKey: DEMO_NODE_KEYS.tokyo,
  },
  {
    id: 'demo-voice-seoul',
    name: 'Demo data: voice worker, Seoul',
    type: 'demo-voice-worker',
    capabilities: ['demo', 'demo-speech'],
    region: 'demo-ap-northeast',
    version: '1.11.3',
    status: 'healthy',
    load: 0.8,
    silentMs: 12 * MINUTE_MS,
    publicKey: DEMO_NODE_KEYS.seoul,
  },
  {
    id: 'demo-batch-montreal',
    name: 'Demo data: night batch, Montréal',
    type: 'demo-batch',
    capabilities: ['demo', 'demo-batch'],
    region: 'demo-ca-central',
    version: '0.9.0',
    status: 'draining',
    load: 0,
    silentMs: 50 * HOUR_MS,
    publicKey: DEMO_NODE_KEYS.montreal,
  },
];

const HISTORY_MS = 2 * HOUR_MS;

const IS_DEMO = `json_extract(nodes.metadata, '$.demo') = 1 and nodes.revoked_at is null`;
/** A start puts the demo's clock right; a node of that name, or with that key, that somebody else registered is left alone. */
const NODE_SQL = `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata,
    region, scopes, status, load, available_resources, metrics, last_seen_at, created_at, updated_at)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '["nodes:read","nodes:write-own","messages:send","messages:read-own"]',
    ?10, ?11, ?12, ?13, ?14, ?15, ?15)
  on conflict (id) do update set last_seen_at = excluded.last_seen_at where ${IS_DEMO}
  on conflict do nothing`;
const CAPABILITIES_SQL = `insert into node_capabilities (capability, node_id) select value, ?1 from json_each(?2)
  where changes() > 0 on conflict do nothing`;
const CLEAR_SQL = `delete from node_heartbeats where node_id = ?1
  and exists (select 1 from nodes where id = ?1 and ${IS_DEMO})`;
const HEARTBEAT_SQL = `insert into node_heartbeats (node_id, at, status, metrics) select ?1, ?2, ?3, ?4
  from nodes where id = ?1 and ${IS_DEMO} on conflict do nothing`;
const HISTORY_SQL = `insert into node_heartbeats (node_id, at, status, metrics)
  select ?1, json_extract(value, '$.at'), ?2, json_extract(value, '$.metrics')
  from nodes cross join json_each(?3) where nodes.id = ?1 and ${IS_DEMO} on conflict do nothing`;
const BEAT_SQL = `update nodes set last_seen_at = ?2, load = ?3, metrics = ?4 where id = ?1 and ${IS_DEMO}`;
const FORGET_SQL = 'delete from node_heartbeats where node_id = ?1 and at < ?2';

/** A load that goes up and down with time, each node's in its own way. */
function loadAt(node: DemoNode, atMs: number): number {
  if (node.load === 0) return 0;
  const wave = Math.sin(atMs / (7 * MINUTE_MS) + node.id.length) * 0.09;
  return Math.round(Math.min(0.97, Math.max(0.03, node.load + wave)) * 100) / 100;
}

function metricsAt(node: DemoNode, atMs: number): string {
  const load = loadAt(node, atMs);
  const wave = Math.sin(atMs / (11 * MINUTE_MS)) + Math.sin(atMs / (3 * MINUTE_MS)) / 2;
  return JSON.stringify({
    cpu_usage: Math.min(99, Math.max(1, Math.round(load * 100 + wave * 4))),
    memory_usage: Math.round(44 + load * 12 + wave * 2),
    disk_usage: 23,
    network_in: Math.round(1_024 * (10 + wave * 3)),
    network_out: Math.round(2_048 * (12 + load * 6 + wave * 2)),
  });
}

function fingerprintOf(pem: string): string {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

function nodeArgs(node: DemoNode, lastSeenMs: number, nowMs: number): SqlValue[] {
  const { id, name, type, publicKey, capabilities, region, version, status } = node;
  const told = { demo: true, note: 'Demo data: there is no machine behind it.', region, version };
  const load = loadAt(node, lastSeenMs);
  return [
    id,
    name,
    type,
    publicKey,
    fingerprintOf(publicKey),
    `https://${id}.example`,
    JSON.stringify(capabilities),
    JSON.stringify(told),
    region,
    status,
    load,
    JSON.stringify({ cpu: Math.round(100 - load * 100), memory: 52, storage: 77 }),
    metricsAt(node, lastSeenMs),
    lastSeenMs,
    nowMs - 72 * HOUR_MS,
  ];
}

type Clock = { nowMs: number; everyMs: number };

function statementsOf(node: DemoNode, { nowMs, everyMs }: Clock): Statement[] {
  const lastSeenMs = nowMs - (node.silentMs ?? 0);
  const beats = Math.max(0, Math.floor((HISTORY_MS - (node.silentMs ?? 0)) / everyMs));
  const history = Array.from({ length: beats }, (_, index) => {
    const at = lastSeenMs - index * everyMs;
    return { at, metrics: metricsAt(node, at) };
  });
  return [
    { sql: NODE_SQL, args: nodeArgs(node, lastSeenMs, nowMs) },
    { sql: CAPABILITIES_SQL, args: [node.id, JSON.stringify(node.capabilities)] },
    { sql: CLEAR_SQL, args: [node.id] },
    { sql: HISTORY_SQL, args: [node.id, node.status, JSON.stringify(history)] },
  ];
}

/** A few nodes for the pages to show, each of which says that it is demo data. */
export async function seedDemoNodes(database: Database, clock: Clock): Promise<void> {
  await database.writeAll(DEMO_NODES.flatMap((node) => statementsOf(node, clock)));
}

/** One sign of life of each demo node that is there; one that was revoked stays away. */
export async function beatDemoNodes(database: Database, nowMs: number): Promise<void> {
  const beating = DEMO_NODES.filter(({ silentMs }) => silentMs === null);
  await database.writeAll(
    beating.flatMap((node): Statement[] => [
      { sql: BEAT_SQL, args: [node.id, nowMs, loadAt(node, nowMs), metricsAt(node, nowMs)] },
      { sql: HEARTBEAT_SQL, args: [node.id, nowMs, node.status, metricsAt(node, nowMs)] },
      { sql: FORGET_SQL, args: [node.id, nowMs - HISTORY_MS] },
    ]),
  );
}
