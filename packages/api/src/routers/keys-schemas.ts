import * as z from 'zod';

import { iso } from './schemas.ts';

const MAX_OVERLAP_SECONDS = 604_800;
const MAX_HOURS = 744;

export const keyId = z.string().regex(/^pkey_[\w-]{1,64}$/);
const provider = z.string().min(1).max(64);
const secret = z.string().trim().min(1).max(1_024);
/** One line of print: it stands in logs, tables and confirmations. */
const keyName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'expected one line of text');
const limitDomain = z.string().regex(/^[\w.:-]{1,128}$/);
const keyState = z.enum(['active', 'cooling_down', 'exhausted', 'quarantined', 'disabled', 'draining']);

export const keyIdSchema = z.strictObject({ id: keyId });

export const listKeysSchema = z
  .strictObject({ provider: provider.optional(), state: keyState.optional() })
  .prefault({});

export const addKeySchema = z.strictObject({
  provider,
  name: keyName,
  key: secret,
  limitDomain: limitDomain.optional(),
  weight: z.int().min(1).max(100).optional(),
  test: z.boolean().optional(),
});

export const testCandidateSchema = z.strictObject({ provider, key: secret });

export const rotateKeySchema = z.strictObject({
  id: keyId,
  key: secret,
  name: keyName.optional(),
  overlapSeconds: z.int().min(0).max(MAX_OVERLAP_SECONDS),
  test: z.boolean().optional(),
});

export const drainKeySchema = z.strictObject({
  id: keyId,
  seconds: z.int().min(0).max(MAX_OVERLAP_SECONDS).optional(),
});

export const deleteKeySchema = z.strictObject({ id: keyId, confirmName: z.string().max(80) });

export const usageSchema = z.strictObject({ id: keyId, hours: z.int().min(1).max(MAX_HOURS) });

export const rewrapSchema = z.strictObject({ limit: z.int().min(1).max(1_000).optional() }).prefault({});

/** Strict, so that a column added to the table never reaches a caller by itself. */
export const keySummarySchema = z.object({
  id: z.string(),
  provider: z.string(),
  providerName: z.string(),
  name: z.string(),
  source: z.enum(['stored', 'environment']),
  limitDomain: z.string().nullable(),
  lastFour: z.string().max(4),
  state: keyState,
  reason: z.string().nullable(),
  since: iso,
  until: iso.nullable(),
  drainAt: iso.nullable(),
  replaces: z.string().nullable(),
  replacedBy: z.string().nullable(),
  weight: z.int(),
  usageCount: z.int(),
  errorCount: z.int(),
  uses24h: z.int(),
  errors24h: z.int(),
  errorSeries24h: z.array(z.int()).length(24),
  lastUsedAt: iso.nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: iso.nullable(),
  openSessions: z.int(),
  createdAt: iso,
  kekVersion: z.int().nullable(),
  isOutdatedKek: z.boolean(),
  isConfigured: z.boolean(),
  isDemo: z.boolean(),
});

export const testResultSchema = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  message: z.string(),
  latencyMs: z.number(),
  status: z.int().nullable(),
});

export const keyListSchema = z.object({
  items: z.array(keySummarySchema),
  providers: z.array(
    z.object({ id: z.string(), name: z.string(), canTest: z.boolean(), keyHint: z.string() }),
  ),
  canStore: z.boolean(),
  pendingRewrap: z.int(),
  alerts: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      keyId: z.string(),
      keyName: z.string(),
      message: z.string(),
      at: iso,
    }),
  ),
  policy: z.object({
    triesPerMint: z.int(),
    tryTimeoutMs: z.int(),
    breakerFailures: z.int(),
    breakerSeconds: z.number(),
  }),
});

export const keyEventsSchema = z.array(
  z.object({
    at: iso,
    action: z.string(),
    actor: z.string(),
    result: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
  }),
);

export const usageSeriesSchema = z.object({
  hours: z.array(z.object({ start: iso, uses: z.int(), errors: z.int() })),
});

export const rewrapOutcomeSchema = z.object({
  rewrapped: z.int(),
  remaining: z.int(),
  failed: z.array(z.object({ id: z.string(), code: z.string() })),
});

const MAX_REPORTS = 500;
const MAX_ERROR_LENGTH = 8_192;

/** Body of `POST /api/internal/api-keys`: one report … */
export const useReportSchema = z.object({
  keyId: z.string().min(1).max(128),
  success: z.boolean(),
  error: z
    .string()
    .max(MAX_ERROR_LENGTH)
    .nullish()
    .transform((text) => text ?? undefined),
  idempotencyKey: z.string().min(1).max(255).optional(),
});

/** … or many. Not a union of the two, which could not say what is wrong with either. */
export const useReportsSchema = z.object({ reports: z.array(useReportSchema).min(1).max(MAX_REPORTS) });
