import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export type IcePair = { local: string; remote: string; protocol: string };
export type SessionStep = { name: string; ms: number };
export type UpstreamAttempt = {
  status: number | null;
  code: string | null;
  durationMs: number;
  /** The provider key that was tried; rows from before the pool have none. */
  keyId: string | null;
  /** Of a lost try: it counts against its key, and not against the caller. */
  isError?: true;
};

/**
 * One realtime conversation as Ephemera logs it. The row holds no token, no key, no instructions and no transcript.
 * `userId` has no foreign key: an external issuer's users have no row here.
 */
export const sessions = sqliteTable(
  'sessions',
  {
    /** In the order of the commits, and never renumbered: up to where the uses of keys have been counted. */
    seq: integer('seq').primaryKey(),
    id: text('id').notNull().unique(),
    providerSessionId: text('provider_session_id'),
    userId: text('user_id').notNull(),
    userName: text('user_name'),
    /** `admitted`: counted and reserved, while the provider is asked. */
    state: text('state', { enum: ['admitted', 'issued', 'connected', 'ended', 'failed'] }).notNull(),
    kind: text('kind', { enum: ['realtime', 'transcription'] }).notNull(),
    model: text('model'),
    voice: text('voice'),
    transport: text('transport', { enum: ['webrtc', 'websocket'] }),
    callId: text('call_id'),
    requestId: text('request_id').notNull(),
    issuedAt: integer('issued_at', { mode: 'timestamp_ms' }).notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }),
    connectedAt: integer('connected_at', { mode: 'timestamp_ms' }),
    endedAt: integer('ended_at', { mode: 'timestamp_ms' }),
    endedBy: text('ended_by', { enum: ['user', 'timeout', 'error', 'limit'] }),
    reason: text('reason'),
    durationSeconds: real('duration_seconds'),
    reportedDurationSeconds: real('reported_duration_seconds'),
    isDurationDisputed: integer('is_duration_disputed', { mode: 'boolean' }).notNull().default(false),
    messageCount: integer('message_count'),
    icePair: text('ice_pair', { mode: 'json' }).$type<IcePair>(),
    usage: text('usage', { mode: 'json' }).$type<Record<string, unknown>>(),
    steps: text('steps', { mode: 'json' }).$type<SessionStep[]>(),
    attempts: text('attempts', { mode: 'json' }).$type<UpstreamAttempt[]>(),
    mintMs: real('mint_ms'),
    isDemo: integer('is_demo', { mode: 'boolean' }).notNull().default(false),
    /** Whose secret minted it; null where it failed. The uses of keys are counted from the attempts. */
    providerKeyId: text('provider_key_id'),
    /** The caller's key, where one asked. */
    accessKeyId: text('access_key_id'),
    /** What was set aside at admission against every budget that applies; given back at the end. */
    reservedMicroUsd: integer('reserved_micro_usd').notNull().default(0),
    /** From then on the session is over, whether or not anybody wrote that down. Null once it is. */
    deadlineAt: integer('deadline_at', { mode: 'timestamp_ms' }),
    /** Seconds that a conversation may last. */
    limitSeconds: integer('limit_seconds'),
    /** The client's last sign of life. */
    lastSeenAt: integer('last_seen_at', { mode: 'timestamp_ms' }),
    /** Null while unknown; never zero for want of a price. */
    costMicroUsd: integer('cost_micro_usd'),
    costStatus: text('cost_status', { enum: ['known', 'estimated', 'unknown'] }),
    /** Where the number comes from: `responses`, `totals`, `duration`, `reported` (at least that much), `worst_case`. */
    costSource: text('cost_source'),
    /** Of the price table that was used. */
    priceVersion: text('price_version'),
  },
  // Ids begin with their time, so they list newest first without an index on a date.
  (table) => [
    index('sessions_user_id_id').on(table.userId, table.id),
    // Partial, so that a mint pays nothing for the operators' filter by state.
    index('sessions_state_id')
      .on(table.state, table.id)
      .where(sql`${table.state} not in ('admitted', 'issued')`),
    // The provider's ids are random: an index of all of them would be half of what a mint's row costs.
    index('sessions_provider_session_id')
      .on(table.providerSessionId)
      .where(sql`${table.state} not in ('admitted', 'issued')`),
    // The open sessions of each key; partial for the same reason.
    index('sessions_open_provider_key')
      .on(table.providerKeyId, table.connectedAt)
      .where(sql`${table.state} = 'connected'`),
    // What is over by now is found by its end; the newest deadlines are the last, so a mint adds to one page.
    index('sessions_deadline_at')
      .on(table.deadlineAt)
      .where(sql`${table.deadlineAt} is not null`),
    index('sessions_access_key_id_id')
      .on(table.accessKeyId, table.id)
      .where(sql`${table.accessKeyId} is not null`),
  ],
);

/** One row: the last session whose use of a provider key has been counted. */
export const countedSessions = sqliteTable('counted_sessions', {
  id: integer('id').primaryKey(),
  seq: integer('seq').notNull(),
});

export type SessionRow = typeof sessions.$inferSelect;
export type NewSessionRow = typeof sessions.$inferInsert;
