import { OFFLINE_AFTER_MS, unreachableAfterMs } from '../../nodes/status.ts';
import type { MetricsContext } from './collect.ts';
import type { MetricFamily } from './families.ts';
import { counter, gauge } from './families.ts';

/** A series a node: beyond these, the sums have to do. */
const MAX_NODES = 1_000;
const MAX_PENDING = 100_000;

const STATUS_SQL = `select coalesce(sum(coalesce(last_seen_at, 0) > ?1), 0) as reachable,
    coalesce(sum(coalesce(last_seen_at, 0) <= ?2), 0) as offline, count(*) as total
  from nodes where revoked_at is null`;
const NODES_SQL = `select id, last_seen_at from nodes where revoked_at is null order by id limit ${MAX_NODES}`;
const PENDING_SQL = `select count(*) as pending, min(created_at) as oldest from (
    select m.created_at from deliveries d join messages m on m.seq = d.message_seq
    where d.read_at is null and d.expires_at > ?1 limit ${MAX_PENDING})`;
/** What was ever given out, also for messages that are gone. */
const SENT_SQL = `select seq from sqlite_sequence where name = 'messages'`;

async function describeNodes(ctx: MetricsContext): Promise<MetricFamily[]> {
  const nowMs = ctx.clock.now();
  const aliveSince = nowMs - unreachableAfterMs(ctx.heartbeatSeconds);
  const [sums] = await ctx.database.read(STATUS_SQL, [aliveSince, nowMs - OFFLINE_AFTER_MS]);
  const [reachable, offline, total] = ['reachable', 'offline', 'total'].map((name) =>
    Number(sums?.[name] ?? 0),
  );
  const unreachable = (total ?? 0) - (reachable ?? 0) - (offline ?? 0);
  const rows = await ctx.database.read(NODES_SQL);
  const seen = rows.map((row) => ({ node: String(row['id']), seenMs: Number(row['last_seen_at'] ?? 0) }));
  return [
    gauge({ name: 'broker_nodes', help: 'Nodes of the network, by their last sign of life.' }, [
      { labels: { status: 'reachable' }, value: reachable ?? 0 },
      { labels: { status: 'unreachable' }, value: unreachable },
      { labels: { status: 'offline' }, value: offline ?? 0 },
    ]),
    gauge(
      { name: 'broker_node_up', help: `Whether a node can be reached; of the first ${MAX_NODES} by id.` },
      seen.map(({ node, seenMs }) => ({ labels: { node }, value: seenMs > aliveSince ? 1 : 0 })),
    ),
    gauge(
      {
        name: 'broker_node_last_seen_timestamp_seconds',
        help: `The last sign of life of a node; of the first ${MAX_NODES} by id.`,
      },
      seen
        .filter(({ seenMs }) => seenMs > 0)
        .map(({ node, seenMs }) => ({ labels: { node }, value: seenMs / 1_000 })),
    ),
  ];
}

async function describeMessages({ database, clock }: MetricsContext): Promise<MetricFamily[]> {
  const nowMs = clock.now();
  const [sent] = await database.read(SENT_SQL);
  const [mailboxes] = await database.read(PENDING_SQL, [nowMs]);
  const oldest = mailboxes?.['oldest'];
  const ageMs = typeof oldest === 'number' ? Math.max(0, nowMs - oldest) : 0;
  return [
    counter({ name: 'broker_messages_sent', help: 'Messages between nodes, ever.' }, [
      { labels: {}, value: Number(sent?.['seq'] ?? 0) },
    ]),
    gauge(
      {
        name: 'broker_messages_pending',
        help: `Messages in mailboxes, once for each recipient; at most ${MAX_PENDING} are counted.`,
      },
      [{ labels: {}, value: Number(mailboxes?.['pending'] ?? 0) }],
    ),
    gauge(
      { name: 'broker_messages_oldest_pending_seconds', help: 'How long the oldest of them has waited.' },
      [{ labels: {}, value: ageMs / 1_000 }],
    ),
  ];
}

/** The node network: who is there, and what waits for whom in sum. */
export async function collectNodes(ctx: MetricsContext): Promise<MetricFamily[]> {
  return [...(await describeNodes(ctx)), ...(await describeMessages(ctx))];
}
