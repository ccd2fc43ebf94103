import type { Database, SqlValue, Statement } from '@ephemera/db';

type DemoNode = {
  id: string;
  name: string;
  type: string;
  capabilities: readonly string[];
  region: string;
  status: string;
  load: number;
  /** Its last sign of life, before now. */
  silentMs: number;
  publicKey: string;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Their private halves were never kept: nobody can log in as one of them. */
const PUBLIC_KEYS = [
  `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApvIM0IENhIt7Yb2rG0+5
5qUDCSatWHP375VQHomAlpvmT4EXclV8Y+bN+jf4kvYDzCuE4IMsmMWJcoGwGMwU
LZGBoLcYQWhyT3otGFVY66WwznZHf7MR2EEwmBcBhx/x8uVPEpCuTFP0rgFBRZEe
LdAxLK9v72sMwRu3eE+iFIwlPnsk7zDmw1pUxEBdPv6laqxS3XIYbEypUXB2kBUk
yVSGP5QCJyRbER/9DVqzuhBGk5ewUylxiegLItiRvHiO47fE07CKR9dWq3OjUzCV
XMIa41/y9w/53KM54D5HiqjeD6wAFIe46alCK02NacTuuiXP/ZB75NNJ5mkiYYbm
9wIDAQAB
-----END PUBLIC KEY-----
`,
  `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs1fobWXAeZtlNvOW6XsT
ogRBecOVC0n3QT93kpvDdGxgxxVSWNXpMhLkzVEhGtaHSXeL69OYpNxajgMydkX3
TbFwkESFW4S+Qrg8pZt30fSr4JJRVtNGD4kGACQayAB7ZhFpO40oHfrRRLB2qSZA
S6Tc9niyzFzjakhEPOHk9dsoalqdk8rrq24zg1GB7dIBvg/hdnkx0O9+KDfDf65p
vtxM4iI/OTOT3gNUUUrnjpceVUMHiVUx3KrKibQqkUdFUgO5OoK6PlB3UZQO7Ac3
DMktQQBAZAz3JvXrFNSibDyY4SkhGBLUlhQ8lvssOKS51gYN7yZW7doheVlFNH93
8wIDAQAB
-----END PUBLIC KEY-----
`,
  `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA9SY42RS1cZDlWAxx5IBF
sBsIx9w8pfkoWl5lztJNFgcKu501iB3Sp0YC0XV/9W6s15puYi3lHWB8YhV26kCT
ohZbq853SlAZntcAQSr6ms1D4PiHoqkyyX7q3wSp0j+SuLZPUbmJXb69e1zlwiam
Yop6xfRpFS0BIudEPIBCo6k0M/NVONK4e4wPgMe0YeIbUDfXcxPprTbIZwI22znY
tpZvLGZnrO55TbQuF81aPZldl5dteHSEMGWxPy1eLjtcR9pEGcmwfKm1tYCIXol1
R7BsEfqH+nylV6wm4gDups++nS+EO+EjNtLzq0mRhAKT64pQHze9Rwk8hGBoYVJh
qQIDAQAB
-----END PUBLIC KEY-----
`,
] as const;

/** One that beats, one that has just gone silent, one that has been gone for days. */
const NODES: readonly DemoNode[] = [
  {
    id: 'demo-gateway-paris',
    name: 'Demo data: gateway, Paris',
    type: 'demo-gateway',
    capabilities: ['demo', 'demo-routing', 'demo-storage'],
    region: 'demo-eu-west',
    status: 'healthy',
    load: 0.35,
    silentMs: 0,
    publicKey: PUBLIC_KEYS[0],
  },
  {
    id: 'demo-voice-seoul',
    name: 'Demo data: voice worker, Seoul',
    type: 'demo-voice-worker',
    capabilities: ['demo', 'demo-speech'],
    region: 'demo-ap-northeast',
    status: 'healthy',
    load: 0.8,
    silentMs: 12 * MINUTE_MS,
    publicKey: PUBLIC_KEYS[1],
  },
  {
    id: 'demo-batch-montreal',
    name: 'Demo data: night batch, Montréal',
    type: 'demo-batch',
    capabilities: ['demo', 'demo-batch'],
    region: 'demo-ca-central',
    status: 'draining',
    load: 0,
    silentMs: 50 * HOUR_MS,
    publicKey: PUBLIC_KEYS[2],
  },
];

const HEARTBEATS = 60;
const HEARTBEAT_MS = 30_000;

/** A start puts the demo's clock right; a node of that name that somebody else registered is left alone. */
const NODE_SQL = `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata,
    region, scopes, status, load, available_resources, metrics, last_seen_at, created_at, updated_at)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '[]', ?10, ?11, ?12, ?13, ?14, ?15, ?15)
  on conflict (id) do update set last_seen_at = excluded.last_seen_at
    where json_extract(nodes.metadata, '$.demo') = 1 and revoked_at is null`;
const CAPABILITIES_SQL = `insert into node_capabilities (capability, node_id) select value, ?1 from json_each(?2)
  where changes() > 0 on conflict do nothing`;
const CLEAR_SQL = `delete from node_heartbeats where node_id = ?1
  and exists (select 1 from nodes where id = ?1 and json_extract(metadata, '$.demo') = 1)`;
const HEARTBEAT_SQL = `insert into node_heartbeats (node_id, at, status, metrics) select ?1, ?2, ?3, ?4
  from nodes where id = ?1 and json_extract(metadata, '$.demo') = 1 on conflict do nothing`;

/** A load that goes up and down, the same at each start. */
function metricsAt(load: number, index: number): string {
  const wave = Math.sin(index / 6) * 12;
  return JSON.stringify({
    cpu_usage: Math.round(Math.max(1, load * 100 + wave)),
    memory_usage: Math.round(48 + wave / 3),
    disk_usage: 23,
    network_in: 1_024 * (10 + (index % 7)),
    network_out: 2_048 * (10 + (index % 5)),
  });
}

function nodeArgs(node: DemoNode, nowMs: number): SqlValue[] {
  const { id, name, type, publicKey, capabilities, region, status, load } = node;
  const told = { demo: true, note: 'Demo data: there is no machine behind it.', region };
  return [
    id,
    name,
    type,
    publicKey,
    `demo:${id}`,
    `https://${id}.example`,
    JSON.stringify(capabilities),
    JSON.stringify(told),
    region,
    status,
    load,
    JSON.stringify({ cpu: Math.round(100 - load * 100), memory: 52, storage: 77 }),
    metricsAt(load, 0),
    nowMs - node.silentMs,
    nowMs - 72 * HOUR_MS,
  ];
}

function statementsOf(node: DemoNode, nowMs: number): Statement[] {
  const { id, status, load, silentMs } = node;
  const heartbeats = Array.from({ length: HEARTBEATS }, (_, index) => ({
    sql: HEARTBEAT_SQL,
    args: [id, nowMs - silentMs - index * HEARTBEAT_MS, status, metricsAt(load, index)],
  }));
  return [
    { sql: NODE_SQL, args: nodeArgs(node, nowMs) },
    { sql: CAPABILITIES_SQL, args: [id, JSON.stringify(node.capabilities)] },
    { sql: CLEAR_SQL, args: [id] },
    ...heartbeats,
  ];
}

/** Three nodes for the pages to show, each of which says that it is demo data. */
export async function seedDemoNodes(database: Database, nowMs: number): Promise<void> {
  await database.writeAll(NODES.flatMap((node) => statementsOf(node, nowMs)));
}
