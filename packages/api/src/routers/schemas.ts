import * as z from 'zod';

const MAX_USAGE_CHARS = 16_384;

export const iso = z.iso.datetime();

export const sessionId = z.string().min(1).max(256);

/** Money in micro-USD. */
export const budgetUseSchema = z.object({
  limitMicroUsd: z.int(),
  spentMicroUsd: z.int(),
  reservedMicroUsd: z.int(),
  leftMicroUsd: z.int(),
  period: z.enum(['daily', 'weekly', 'monthly']),
  timeZone: z.string(),
  action: z.enum(['block', 'warn']),
  periodStart: iso,
  resetsAt: iso,
});

/** What is left of the caller's requests in the window that runs. */
export const rateLimitSchema = z.object({
  policy: z.string(),
  limit: z.int(),
  remaining: z.int(),
  resetSeconds: z.int(),
  windowSeconds: z.int(),
});

const icePair = z.strictObject({
  local: z.string().max(128),
  remote: z.string().max(128),
  protocol: z.string().max(16),
});

const step = z.strictObject({ name: z.string().min(1).max(64), ms: z.number().min(0).max(86_400_000) });

const steps = z.array(step).max(64);

/** A report nested too deeply to be written out again is too large as well. */
function isSmallJson(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= MAX_USAGE_CHARS;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const usageKey = z.string().regex(/^\w{1,64}$/);
/** Counts, and words such as `tokens` that say what is counted: nothing that a secret could hide in. */
const usageLeaf = z.union([z.number(), z.null(), z.string().regex(/^[a-z_]{1,32}$/)]);
const usagePart = z.record(
  usageKey,
  z.union([usageLeaf, z.record(usageKey, z.union([usageLeaf, z.record(usageKey, usageLeaf)]))]),
);

const usage = z
  .record(usageKey, z.union([usageLeaf, usagePart]))
  .refine(isSmallJson, 'The usage object is too large.');

const transport = z.enum(['webrtc', 'websocket']);
/** What a client may say; `limit` is the server's own word. */
const reportedEnd = z.enum(['user', 'timeout', 'error']);
const endedBy = z.enum([...reportedEnd.options, 'limit']);

const sessionState = z.enum(['admitted', 'issued', 'connected', 'ended', 'failed']);

/** Body of `POST /api/realtime/end` and input of `sessions.end`. */
export const endSessionSchema = z.strictObject({
  sessionId,
  /** However long: what the server's clock rules out is flagged, and the session ends. */
  duration: z.number().min(0),
  messageCount: z.int().min(0).max(1_000_000),
  endedBy: reportedEnd,
  reason: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/)
    .optional(),
  /** What makes no sense is left out: the session must end all the same. */
  usage: usage.optional().catch(undefined),
  steps: steps.optional(),
});

export const endedSessionSchema = z.object({
  sessionId: z.string(),
  duration: z.number(),
  messageCount: z.int(),
  endedBy,
});

export const reportConnectedSchema = z.strictObject({
  sessionId,
  callId: z.string().min(1).max(256).optional(),
  transport,
  icePair: icePair.optional(),
  steps: steps.optional(),
});

export const listSessionsSchema = z
  .strictObject({
    limit: z.int().min(1).max(100).optional(),
    cursor: z.string().min(1).max(256).optional(),
    state: sessionState.optional(),
    model: z.string().min(1).max(128).optional(),
    userId: z.string().min(1).max(300).optional(),
    accessKeyId: z.string().min(1).max(64).optional(),
    providerKeyId: z.string().min(1).max(64).optional(),
    transport: transport.optional(),
    minCostMicroUsd: z.int().min(0).optional(),
    minSeconds: z.number().min(0).optional(),
    query: z
      .string()
      .regex(/^[\w-]{1,256}$/)
      .optional(),
    from: iso.optional(),
    to: iso.optional(),
    isOpen: z.boolean().optional(),
  })
  .prefault({});

export const sessionSummarySchema = z.object({
  id: z.string(),
  state: sessionState,
  userId: z.string(),
  userName: z.string().nullable(),
  model: z.string().nullable(),
  voice: z.string().nullable(),
  kind: z.enum(['realtime', 'transcription']),
  transport: transport.nullable(),
  issuedAt: iso,
  expiresAt: iso.nullable(),
  connectedAt: iso.nullable(),
  endedAt: iso.nullable(),
  endedBy: endedBy.nullable(),
  reason: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  messageCount: z.int().nullable(),
  icePair: z.object(icePair.shape).nullable(),
  isDemo: z.boolean(),
  accessKeyId: z.string().nullable(),
  costMicroUsd: z.int().nullable(),
  costStatus: z.enum(['known', 'estimated', 'unknown']).nullable(),
  costSource: z.string().nullable(),
  limitSeconds: z.int().nullable(),
  deadlineAt: iso.nullable(),
  lastSeenAt: iso.nullable(),
});

const usageEventSchema = z.object({
  eventId: z.string(),
  kind: z.enum(['response', 'transcription']),
  model: z.string().nullable(),
  at: iso,
  textInput: z.number(),
  textCachedInput: z.number(),
  textOutput: z.number(),
  audioInput: z.number(),
  audioCachedInput: z.number(),
  audioOutput: z.number(),
  imageInput: z.number(),
  imageCachedInput: z.number(),
  seconds: z.number(),
  costMicroUsd: z.int().nullable(),
});

const costLineSchema = z.object({
  modality: z.enum(['text', 'audio', 'image', 'minutes']),
  direction: z.enum(['input', 'cached', 'output']),
  quantity: z.number(),
  unit: z.enum(['tokens', 'seconds']),
  microUsd: z.int().nullable(),
});

export const heartbeatSchema = z.object({
  deadlineAt: iso.nullable(),
  remainingSeconds: z.int().min(0),
});

export const sessionDetailSchema = sessionSummarySchema.extend({
  usageEvents: z.array(usageEventSchema),
  cost: z.array(costLineSchema),
  priceVersion: z.string().nullable(),
  providerSessionId: z.string().nullable(),
  callId: z.string().nullable(),
  requestId: z.string(),
  usage: z.record(z.string(), z.unknown()).nullable(),
  steps: z.array(z.object(step.shape)),
  reportedDurationSeconds: z.number().nullable(),
  isDurationDisputed: z.boolean(),
  attempts: z.array(
    z.object({
      status: z.int().nullable(),
      code: z.string().nullable(),
      durationMs: z.number(),
      /** Which provider key was tried: for operators. */
      keyId: z.string().nullable(),
    }),
  ),
  mintMs: z.number().nullable(),
});
