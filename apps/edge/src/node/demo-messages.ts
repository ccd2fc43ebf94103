import type { Database, Statement } from '@ephemera/db';

type Sketch = {
  from: string;
  to: readonly string[];
  messageType: string;
  /** 0 is the most urgent. */
  priority: number;
  minutesAgo: number;
  ttlMinutes: number;
  /** Who read it: the first so many. */
  readers: number;
  sizeBytes: number;
};

const MINUTE_MS = 60_000;
const [PARIS, DUBLIN, TOKYO, SEOUL, BATCH] = [
  'demo-gateway-paris',
  'demo-voice-dublin',
  'demo-voice-tokyo',
  'demo-voice-seoul',
  'demo-batch-montreal',
] as const;
const USUAL = { priority: 2, ttlMinutes: 60 };

/** A morning as it might have been: some read, some waiting for a node that went silent, some too late. The oldest first. */
const SKETCHES: readonly Sketch[] = [
  {
    ...USUAL,
    from: PARIS,
    to: [BATCH],
    messageType: 'report.build',
    minutesAgo: 190,
    readers: 0,
    sizeBytes: 2_480,
  },
  {
    ...USUAL,
    from: DUBLIN,
    to: [PARIS],
    messageType: 'worker.ready',
    minutesAgo: 118,
    readers: 1,
    sizeBytes: 212,
  },
  {
    ...USUAL,
    from: TOKYO,
    to: [PARIS],
    messageType: 'worker.ready',
    minutesAgo: 96,
    readers: 1,
    sizeBytes: 212,
  },
  {
    from: PARIS,
    to: [DUBLIN, TOKYO, SEOUL],
    messageType: 'config.update',
    priority: 1,
    minutesAgo: 41,
    ttlMinutes: 720,
    readers: 3,
    sizeBytes: 5_912,
  },
  {
    ...USUAL,
    from: TOKYO,
    to: [PARIS],
    messageType: 'load.high',
    priority: 1,
    minutesAgo: 17,
    readers: 1,
    sizeBytes: 348,
  },
  {
    from: PARIS,
    to: [SEOUL],
    messageType: 'command.health-check',
    priority: 0,
    minutesAgo: 9,
    ttlMinutes: 240,
    readers: 0,
    sizeBytes: 190,
  },
  {
    from: PARIS,
    to: [DUBLIN, SEOUL],
    messageType: 'route.change',
    priority: 1,
    minutesAgo: 6,
    ttlMinutes: 720,
    readers: 1,
    sizeBytes: 1_204,
  },
  {
    ...USUAL,
    from: DUBLIN,
    to: [PARIS],
    messageType: 'transcript.done',
    minutesAgo: 2,
    readers: 1,
    sizeBytes: 18_320,
  },
];

/** No id that is given out begins like these. */
const ID_HEAD = 'msg_00000000000000000000dem0';
const OLD = `select seq from messages where id glob '${ID_HEAD}*'`;
const CLEAR: readonly string[] = [
  `update deliveries set is_open = 0 where is_open = 1 and message_seq in (${OLD})`,
  `delete from deliveries where message_seq in (${OLD})`,
  `delete from messages where id glob '${ID_HEAD}*'`,
];
const MESSAGE_SQL = `insert into messages (id, from_node, message_type, content, priority, metadata, created_at, expires_at,
    size_bytes)
  select ?1, ?2, ?3, '{"demo":true}', ?4, '{"demo":true}', ?5, ?6, ?7 from nodes
  where id = ?2 and json_extract(metadata, '$.demo') = 1`;
const DELIVERY_SQL = `insert into deliveries (to_node, message_seq, priority, expires_at, size_bytes)
  select n.id, m.seq, m.priority, m.expires_at, m.size_bytes from messages m cross join nodes n on n.id = ?2
  where m.id = ?1 and json_extract(n.metadata, '$.demo') = 1 on conflict do nothing`;
const READ_SQL = `update deliveries set is_open = 0, read_at = ?3
  where to_node = ?2 and message_seq = (select seq from messages where id = ?1)`;

function statementsOf(sketch: Sketch, index: number, nowMs: number): Statement[] {
  // 26 digits of Crockford's base32, as every message id has.
  const id = `${ID_HEAD}${String(index).padStart(2, '0')}`;
  const createdMs = nowMs - sketch.minutesAgo * MINUTE_MS;
  const expiresMs = createdMs + sketch.ttlMinutes * MINUTE_MS;
  const { from, messageType, priority, sizeBytes } = sketch;
  return [
    { sql: MESSAGE_SQL, args: [id, from, messageType, priority, createdMs, expiresMs, sizeBytes] },
    ...sketch.to.map((to) => ({ sql: DELIVERY_SQL, args: [id, to] })),
    ...sketch.to
      .slice(0, sketch.readers)
      .map((to) => ({ sql: READ_SQL, args: [id, to, createdMs + MINUTE_MS / 2] })),
  ];
}

/** What the demo's nodes wrote to each other, anew at each start. Nothing of anybody else's is touched. */
export async function seedDemoMessages(database: Database, nowMs: number): Promise<void> {
  await database.writeAll([
    ...CLEAR.map((sql) => ({ sql, args: [] })),
    ...SKETCHES.flatMap((sketch, index) => statementsOf(sketch, index, nowMs)),
  ]);
}
