import {
  IS_OFFLINE_SQL,
  IS_REACHABLE_SQL,
  OFFLINE_AFTER_MS,
  unreachableAfterMs,
} from '../../nodes/status.ts';
import type { MetricsContext } from './collect.ts';
import type { MetricFamily, MetricSample } from './families.ts';
import { counter, gauge } from './families.ts';

/** A series a node: beyond these, the sums have to do. */
const MAX_NODES = 1_000;

const STATUS_SQL = `select coalesce(sum(${IS_REACHABLE_SQL}), 0) as reachable,
    coalesce(sum(${IS_OFFLINE_SQL}), 0) as offline, count(*) as total
  from nodes where revoked_at is null`;
const NODES_SQL = `select id, last_seen_at, ${IS_REACHABLE_SQL} as is_up
  from nodes where revoked_at is null order by id limit ${MAX_NODES}`;
const MAILBOXES_SQL = `select coalesce(sum(pending), 0) as pending, coalesce(sum(bytes), 0) as bytes,
    coalesce(max(pending), 0) as fullest from mailboxes`;
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
  const rows = await ctx.database.read(NODES_SQL, [aliveSince]);
  const seen = rows.map((row) => ({
    node: String(row['id']),
    seenMs: Number(row['last_seen_at'] ?? 0),
    isUp: Number(row['is_up']),
  }));
  return [
    gauge(
      {
        name: 'broker_nodes',
        help: 'Nodes of the network, by their last sign of life and whether they said that they go.',
      },
      [
        { labels: { status: 'reachable' }, value: reachable ?? 0 },
        { labels: { status: 'unreachable' }, value: unreachable },
        { labels: { status: 'offline' }, value: offline ?? 0 },
      ],
    ),
    gauge(
      { name: 'broker_node_up', help: `Whether a node can be reached; of the first ${MAX_NODES} by id.` },
      seen.map(({ node, isUp }) => ({ labels: { node }, value: isUp })),
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

async function describeMessages({ database }: MetricsContext): Promise<MetricFamily[]> {
  const [sent] = await database.read(SENT_SQL);
  const [mailboxes] = await database.read(MAILBOXES_SQL);
  const read = (column: string): MetricSample[] => [{ labels: {}, value: Number(mailboxes?.[column] ?? 0) }];
  return [
    counter({ name: 'broker_messages_sent', help: 'Messages between nodes, ever.' }, [
      { labels: {}, value: Number(sent?.['seq'] ?? 0) },
    ]),
    gauge(
      { name: 'broker_messages_pending', help: 'Messages that wait in mailboxes, once for each recipient.' },
      read('pending'),
    ),
    gauge({ name: 'broker_messages_pending_bytes', help: 'How large they are.' }, read('bytes')),
    gauge(
      { name: 'broker_mailbox_pending_messages_max', help: 'How many wait in the fullest mailbox.' },
      read('fullest'),
    ),
  ];
}

/** The node network: who is there, and what waits for whom in sum. */
export async function collectNodes(ctx: MetricsContext): Promise<MetricFamily[]> {
  return [...(await describeNodes(ctx)), ...(await describeMessages(ctx))];
}
