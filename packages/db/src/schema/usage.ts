import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Tokens by modality, as the provider counts them: cached ones are part of the input. */
const tokens = {
  textInput: integer('text_input').notNull().default(0),
  textCachedInput: integer('text_cached_input').notNull().default(0),
  textOutput: integer('text_output').notNull().default(0),
  audioInput: integer('audio_input').notNull().default(0),
  audioCachedInput: integer('audio_cached_input').notNull().default(0),
  audioOutput: integer('audio_output').notNull().default(0),
  imageInput: integer('image_input').notNull().default(0),
  imageCachedInput: integer('image_cached_input').notNull().default(0),
  /** Of audio, where the provider counts time instead of tokens. */
  seconds: real('seconds').notNull().default(0),
};

/** One response or one transcription of a session. The primary key makes a repeated report harmless. */
export const usageEvents = sqliteTable(
  'usage_events',
  {
    sessionId: text('session_id').notNull(),
    /** The provider's: the id of the response, or of the item that was transcribed. */
    eventId: text('event_id').notNull(),
    kind: text('kind', { enum: ['response', 'transcription'] }).notNull(),
    model: text('model'),
    at: integer('at', { mode: 'timestamp_ms' }).notNull(),
    ...tokens,
    /** Null where the model has no price, or the usage does not say what it counts. */
    costMicroUsd: integer('cost_micro_usd'),
    /** Where the cost is null: what it is at least, by the cheapest reading of what was told; null if nobody can say. */
    leastMicroUsd: integer('least_micro_usd'),
    priceVersion: text('price_version'),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.eventId] })],
);

/** Sums by hour of the session's start, for the pages. Written in the transaction that settles a session. */
export const usageHours = sqliteTable(
  'usage_hours',
  {
    hourStart: integer('hour_start', { mode: 'timestamp_ms' }).notNull(),
    model: text('model').notNull(),
    userId: text('user_id').notNull(),
    /** Empty without one. */
    accessKeyId: text('access_key_id').notNull(),
    providerKeyId: text('provider_key_id').notNull(),
    sessions: integer('sessions').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    durationSeconds: real('duration_seconds').notNull().default(0),
    ...tokens,
    knownMicroUsd: integer('known_micro_usd').notNull().default(0),
    estimatedMicroUsd: integer('estimated_micro_usd').notNull().default(0),
    /** Sessions whose cost nobody knows. */
    unknownCosts: integer('unknown_costs').notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.hourStart, table.model, table.userId, table.accessKeyId, table.providerKeyId],
    }),
    index('usage_hours_user_id').on(table.userId, table.hourStart),
  ],
);

export type UsageEventRow = typeof usageEvents.$inferSelect;
export type UsageHourRow = typeof usageHours.$inferSelect;
