import * as z from 'zod';

import { NODE_SCOPES } from '../auth/scopes.ts';
import { PRIORITIES } from '../messages/priorities.ts';
import { MESSAGE_BOXES } from '../services/messages/list-for-operators.ts';
import { iso } from './schemas.ts';

const MAX_JSON_CHARS = 16_384;

/** A value nested too deeply to be written out again is too large as well. */
function isSmallJson(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= MAX_JSON_CHARS;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Only what a person can read, and no line break that could forge a line of a log. */
const plain = z.string().regex(/^[^\p{Cc}]+$/u, 'it should be text without control characters');

function isEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isKnown = url !== null && ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol);
  return isKnown && url.username === '' && url.password === '';
}

const object = z
  .record(z.string().max(128), z.unknown())
  .refine(isSmallJson, `it should be at most ${MAX_JSON_CHARS} characters of JSON`);

/** A comma separates capabilities in a query. */
const capability = z.string().regex(/^[^\s,\p{Cc}]{1,64}$/u, 'it should be a word of at most 64 characters');

/** Python writes no offset and six digits of a second; without an offset it is UTC. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/i;

function toOffset(text: string | undefined): string {
  if (text === undefined || text.toUpperCase() === 'Z') return 'Z';
  return text.includes(':') ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

/** ISO 8601 as Unix milliseconds; null where it is none. */
export function readTime(text: string): number | null {
  const [, date, time, fraction = '', offset] = TIME.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  // A day that its month does not have would be one of the next month.
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return null;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${toOffset(offset)}`);
  return Number.isNaN(ms) ? null : ms;
}

const time = z
  .string()
  .max(64)
  .refine((text) => readTime(text) !== null, 'it should be a time as of ISO 8601')
  .transform((text) => readTime(text) ?? Number.NaN);

const statusWord = z.string().regex(/^[\w.:-]{1,32}$/, 'it should be a word of at most 32 characters');
/** What follows from silence or from an operator, and what only a filter means. `offline` a node says when it goes. */
const SERVER_WORDS: ReadonlySet<string> = new Set(['unreachable', 'revoked', 'reachable', 'all']);

/** What a node may say of itself, one schema a field, whatever a transport calls it. */
export const nodeFields = {
  id: z
    .string()
    .regex(/^[A-Za-z\d][\w.:-]{0,127}$/, 'it should be 1 to 128 letters, digits or any of . _ : -'),
  name: plain.max(200),
  type: z.string().regex(/^[\w.:-]{1,64}$/, 'it should be a word of at most 64 characters'),
  capability,
  capabilities: z
    .array(capability)
    .max(64)
    .overwrite((all) => [...new Set(all)]),
  publicKey: z.string().max(8_192),
  endpoint: z.string().max(2_048).refine(isEndpoint, 'it should be an http(s) or ws(s) address'),
  metadata: object,
  region: plain.max(128),
  status: statusWord.refine(
    (word) => !SERVER_WORDS.has(word.toLowerCase()),
    'it should be a word of the node’s own: this one is for the directory to say',
  ),
  statusFilter: statusWord,
  load: z.number().min(0).max(1),
  resources: object,
  metrics: z
    .record(z.string().regex(/^[\w.:-]{1,64}$/), z.number())
    .refine((metrics) => Object.keys(metrics).length <= 64, 'there should be at most 64'),
  time,
  challenge: z.string().min(1).max(4_096),
  signature: z.string().regex(/^(?:[\dA-Fa-f]{2}){1,1024}$/, 'it should be hexadecimal'),
  limit: z.int().min(1).max(500),
  cursor: z.string().min(1).max(256),
} as const;

export const nodeIdSchema = z.strictObject({ id: nodeFields.id });

export const nodeSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  capabilities: z.array(z.string()),
  endpoint: z.string(),
  status: z.string(),
  load: z.number().nullable(),
  availableResources: z.record(z.string(), z.unknown()).nullable(),
  metadata: z.record(z.string(), z.unknown()),
  region: z.string().nullable(),
  metrics: z.record(z.string(), z.number()).nullable(),
  lastSeenAt: iso.nullable(),
  createdAt: iso,
  pendingMessages: z.int(),
});

export const nodeDetailSchema = nodeSchema.extend({
  publicKey: z.string(),
  keyFingerprint: z.string(),
  scopes: z.array(z.enum(NODE_SCOPES)),
});

const scopes = z.array(z.enum(NODE_SCOPES)).max(NODE_SCOPES.length);

export const listNodesSchema = z.strictObject({
  type: nodeFields.type.optional(),
  capabilities: nodeFields.capabilities.max(16).optional(),
  region: nodeFields.region.optional(),
  status: nodeFields.statusFilter.optional(),
  query: nodeFields.region.optional(),
  limit: nodeFields.limit.optional(),
  cursor: nodeFields.cursor.optional(),
});

export const nodePageSchema = z.object({ items: z.array(nodeSchema), nextCursor: z.string().nullable() });

export const registerNodeSchema = z.strictObject({
  id: nodeFields.id,
  name: nodeFields.name,
  type: nodeFields.type,
  capabilities: nodeFields.capabilities,
  publicKey: nodeFields.publicKey,
  endpoint: nodeFields.endpoint,
  metadata: nodeFields.metadata.optional(),
  registrationToken: z.string().max(256).optional(),
});

export const verifyChallengeSchema = z.strictObject({
  nodeId: nodeFields.id,
  challenge: nodeFields.challenge,
  signature: nodeFields.signature,
});

export const tokenPairSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int(),
});

export const updateNodeSchema = z
  .strictObject({
    id: nodeFields.id,
    status: nodeFields.status.optional(),
    load: nodeFields.load.optional(),
    availableResources: nodeFields.resources.optional(),
    metadata: nodeFields.metadata.optional(),
    lastSeenAt: nodeFields.time.optional(),
  })
  .transform(({ lastSeenAt, ...input }) => ({ ...input, lastSeenAtMs: lastSeenAt }));

export const heartbeatSchema = z
  .strictObject({
    id: nodeFields.id,
    timestamp: nodeFields.time,
    status: nodeFields.status,
    metrics: nodeFields.metrics.optional(),
  })
  .transform(({ timestamp, metrics = {}, ...input }) => ({ ...input, metrics, atMs: timestamp }));

export const heartbeatListSchema = z.object({
  items: z.array(z.object({ at: iso, status: z.string(), metrics: z.record(z.string(), z.number()) })),
  everySeconds: z.int(),
});

export const nodeChoicesSchema = z.object({ types: z.array(z.string()), capabilities: z.array(z.string()) });

export const nodeSignInsSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      startedAt: iso,
      refreshedAt: iso,
      expiresAt: iso,
      refreshes: z.int(),
      state: z.enum(['open', 'ended', 'expired']),
    }),
  ),
  open: z.int(),
  accessTokenSeconds: z.int(),
});

export const listNodeMessagesSchema = z.strictObject({
  id: nodeFields.id,
  box: z.enum(MESSAGE_BOXES),
  limit: nodeFields.limit.max(100).optional(),
  cursor: nodeFields.cursor.optional(),
});

export const nodeMessagesSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      messageType: z.string(),
      priority: z.enum(PRIORITIES),
      fromNode: z.string(),
      toNodes: z.array(z.string()),
      recipients: z.int(),
      pending: z.int(),
      read: z.int(),
      expired: z.int(),
      sizeBytes: z.int(),
      createdAt: iso,
      expiresAt: iso,
      readAt: iso.nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
  mailbox: z.object({ pending: z.int(), bytes: z.int() }),
});

export const endNodeSignInsSchema = z.strictObject({
  id: nodeFields.id,
  signInId: z
    .string()
    .regex(/^[\da-f]{32}$/)
    .optional(),
});

export const listHeartbeatsSchema = z.strictObject({
  id: nodeFields.id,
  limit: nodeFields.limit.optional(),
});

export const regionsSchema = z.object({
  regions: z.array(
    z.object({
      region: z.string().nullable(),
      total: z.int(),
      reachable: z.int(),
      unreachable: z.int(),
      offline: z.int(),
      meanLoad: z.number().nullable(),
    }),
  ),
});

export const revokeNodeSchema = z.strictObject({ id: nodeFields.id, confirmName: z.string().max(200) });

export const setNodeScopesSchema = z.strictObject({ id: nodeFields.id, scopes });

export const registrationTokenSchema = z.object({
  id: z.string(),
  note: z.string().nullable(),
  scopes,
  createdAt: iso,
  createdBy: z.string(),
  expiresAt: iso,
  state: z.enum(['unused', 'used', 'expired', 'revoked']),
  usedAt: iso.nullable(),
  usedBy: z.string().nullable(),
});

const MAX_TTL_SECONDS = 30 * 24 * 3_600;

export const createRegistrationTokenSchema = z.strictObject({
  note: plain.max(200).optional(),
  scopes,
  ttlSeconds: z.int().min(60).max(MAX_TTL_SECONDS).default(86_400),
});

export const registrationTokenIdSchema = z.strictObject({ id: z.string().regex(/^nrt_\w{1,64}$/) });
