import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Machines with an RSA identity. Whether one can be reached follows from `lastSeenAt` and the clock. */
export const nodes = sqliteTable(
  'nodes',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    /** PEM, SubjectPublicKeyInfo. */
    publicKey: text('public_key').notNull(),
    /** Hex of the SHA-256 of the key's DER: two nodes never share one. */
    keyFingerprint: text('key_fingerprint').notNull().unique(),
    endpoint: text('endpoint').notNull(),
    capabilities: text('capabilities', { mode: 'json' }).$type<readonly string[]>().notNull(),
    metadata: text('metadata', { mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    /** `metadata.region`, to be looked up by. */
    region: text('region'),
    scopes: text('scopes', { mode: 'json' }).$type<readonly string[]>().notNull(),
    /** As it says itself. */
    status: text('status').notNull(),
    load: real('load'),
    availableResources: text('available_resources', { mode: 'json' }).$type<
      Readonly<Record<string, unknown>>
    >(),
    metrics: text('metrics', { mode: 'json' }).$type<Readonly<Record<string, number>>>(),
    lastSeenAt: integer('last_seen_at', { mode: 'timestamp_ms' }),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
    revokedAt: integer('revoked_at', { mode: 'timestamp_ms' }),
    revokedBy: text('revoked_by'),
  },
  (table) => [
    index('nodes_type_id').on(table.type, table.id),
    index('nodes_region_id').on(table.region, table.id),
    index('nodes_last_seen_at').on(table.lastSeenAt),
  ],
);

export const nodeCapabilities = sqliteTable(
  'node_capabilities',
  {
    capability: text('capability').notNull(),
    nodeId: text('node_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.capability, table.nodeId] }),
    index('node_capabilities_node_id').on(table.nodeId),
  ],
);

/** The newest signs of life of each node; old ones are dropped. */
export const nodeHeartbeats = sqliteTable(
  'node_heartbeats',
  {
    nodeId: text('node_id').notNull(),
    at: integer('at', { mode: 'timestamp_ms' }).notNull(),
    status: text('status').notNull(),
    metrics: text('metrics', { mode: 'json' }).$type<Readonly<Record<string, number>>>(),
  },
  (table) => [primaryKey({ columns: [table.nodeId, table.at] })],
);

/**
 * Single use: what has been answered with, right or wrong, until it would have expired anyway. Stored WITHOUT ROWID, in the
 * order in which they expire, which a challenge's own MAC vouches for: those of one commit share their pages.
 */
export const burntChallenges = sqliteTable(
  'burnt_challenges',
  {
    hash: text('hash').notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.expiresAt, table.hash] })],
);

export const nodeRegistrationTokens = sqliteTable('node_registration_tokens', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull().unique(),
  note: text('note'),
  scopes: text('scopes', { mode: 'json' }).$type<readonly string[]>().notNull(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
  usedAt: integer('used_at', { mode: 'timestamp_ms' }),
  usedBy: text('used_by'),
  revokedAt: integer('revoked_at', { mode: 'timestamp_ms' }),
});

/** Opaque, kept as hashes, in families: what was used once and comes again ends them all. */
export const nodeRefreshTokens = sqliteTable(
  'node_refresh_tokens',
  {
    /** Behind the time it was made at. */
    hash: text('hash').primaryKey(),
    familyId: text('family_id').notNull(),
    nodeId: text('node_id').notNull(),
    /** The one it was given for; null for the first of a family. */
    parentHash: text('parent_hash'),
    issuedAt: integer('issued_at', { mode: 'timestamp_ms' }).notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
    usedAt: integer('used_at', { mode: 'timestamp_ms' }),
    revokedAt: integer('revoked_at', { mode: 'timestamp_ms' }),
  },
  (table) => [
    index('node_refresh_tokens_family_id').on(table.familyId),
    index('node_refresh_tokens_parent_hash')
      .on(table.parentHash)
      .where(sql`${table.parentHash} is not null`),
    index('node_refresh_tokens_node_id').on(table.nodeId),
    index('node_refresh_tokens_expires_at').on(table.expiresAt),
  ],
);

/** Keys that sign the nodes' access tokens; `privateKey` is encrypted. One signs, the ones before it still verify. */
export const nodeSigningKeys = sqliteTable('node_signing_keys', {
  kid: text('kid').primaryKey(),
  alg: text('alg').notNull(),
  publicKey: text('public_key').notNull(),
  privateKey: text('private_key').notNull(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
  /** From then on it signs nothing more; its tokens are valid until they expire. */
  retiredAt: integer('retired_at', { mode: 'timestamp_ms' }),
});

export const messages = sqliteTable(
  'messages',
  {
    /** In the order of the commits: where a stream of events goes on. */
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull().unique(),
    fromNode: text('from_node').notNull(),
    messageType: text('message_type').notNull(),
    /** JSON, as it was sent, while somebody's mailbox holds it; then `null`. */
    content: text('content').notNull(),
    /** 0 is the most urgent. */
    priority: integer('priority').notNull(),
    /** As the content: then `{}`. */
    metadata: text('metadata').notNull(),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
    idempotencyKey: text('idempotency_key'),
    /** Of the request, to tell a repeated one from another one under the same key. */
    requestHash: text('request_hash'),
    /** JSON of who took it and who did not, to answer a repeated request with. */
    outcome: text('outcome'),
    sizeBytes: integer('size_bytes').notNull(),
  },
  (table) => [
    uniqueIndex('messages_from_node_idempotency_key')
      .on(table.fromNode, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    index('messages_expires_at').on(table.expiresAt),
  ],
);

/**
 * A message in one recipient's mailbox: pending while it is open and not expired. Stored WITHOUT ROWID; triggers keep the
 * mailbox's counts, and clear what no mailbox holds any more.
 */
export const deliveries = sqliteTable(
  'deliveries',
  {
    toNode: text('to_node').notNull(),
    messageSeq: integer('message_seq').notNull(),
    priority: integer('priority').notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    isOpen: integer('is_open', { mode: 'boolean' }).notNull().default(true),
    readAt: integer('read_at', { mode: 'timestamp_ms' }),
  },
  (table) => [
    // In the order in which they come, so that those of one commit share their pages.
    primaryKey({ columns: [table.messageSeq, table.toNode] }),
    index('deliveries_pending')
      .on(table.toNode, table.priority, table.messageSeq, table.expiresAt)
      .where(sql`${table.isOpen} = 1`),
    index('deliveries_to_node').on(table.toNode, table.messageSeq),
    index('deliveries_expires_at')
      .on(table.expiresAt)
      .where(sql`${table.isOpen} = 1`),
  ],
);

/** What waits for a node: so many open deliveries, so large. */
export const mailboxes = sqliteTable('mailboxes', {
  nodeId: text('node_id').primaryKey(),
  pending: integer('pending').notNull(),
  bytes: integer('bytes').notNull(),
});

export type NodeRow = typeof nodes.$inferSelect;
export type MessageRow = typeof messages.$inferSelect;
