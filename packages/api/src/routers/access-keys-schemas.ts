import { CLIENT_SECRET_TTL } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import { ACCESS_KEY_SCOPES } from '../auth/scopes.ts';
import { budgetUseSchema, iso } from './schemas.ts';

const MAX_GRACE_SECONDS = 604_800;
const MAX_SESSION_SECONDS = 3_600;

const accessKeyId = z.string().regex(/^key_[0-9a-z]{1,64}$/);
const environment = z.enum(['live', 'test']);
const scopes = z.array(z.enum(ACCESS_KEY_SCOPES)).min(1).max(ACCESS_KEY_SCOPES.length);
/** One line of print: it stands in logs, tables and confirmations. */
const keyName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'expected one line of text');

const restrictions = {
  allowedModels: z.array(z.string().min(1).max(128)).min(1).max(64).nullish(),
  allowedOrigins: z.array(z.string().min(1).max(255)).min(1).max(64).nullish(),
  mintsPerMinute: z.int().min(1).max(1_000_000).nullish(),
  maxOpenSessions: z.int().min(1).max(1_000_000).nullish(),
  maxTtlSeconds: z.int().min(CLIENT_SECRET_TTL.min).max(CLIENT_SECRET_TTL.max).nullish(),
  maxSessionSeconds: z.int().min(1).max(MAX_SESSION_SECONDS).nullish(),
  expiresAt: iso.transform((text) => new Date(text)).nullish(),
};

export const createAccessKeySchema = z.strictObject({
  name: keyName,
  environment,
  scopes,
  ...restrictions,
});

export const updateAccessKeySchema = z.strictObject({
  id: accessKeyId,
  name: keyName.optional(),
  scopes: scopes.optional(),
  ...restrictions,
});

export const accessKeyIdSchema = z.strictObject({ id: accessKeyId });

export const rotateAccessKeySchema = z.strictObject({
  id: accessKeyId,
  graceSeconds: z.int().min(0).max(MAX_GRACE_SECONDS),
});

export const revokeAccessKeySchema = z.strictObject({ id: accessKeyId, confirmName: z.string().max(80) });

/** Strict, so that a column added to the table never reaches a caller by itself. */
export const accessKeySummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  environment,
  prefix: z.string(),
  lastFour: z.string().length(4),
  scopes: z.array(z.string()),
  allowedModels: z.array(z.string()).nullable(),
  allowedOrigins: z.array(z.string()).nullable(),
  mintsPerMinute: z.int().nullable(),
  maxOpenSessions: z.int().nullable(),
  maxTtlSeconds: z.int().nullable(),
  maxSessionSeconds: z.int().nullable(),
  createdAt: iso,
  createdBy: z.string(),
  expiresAt: iso.nullable(),
  lastUsedAt: iso.nullable(),
  lastUsedPrefix: z.string().nullable(),
  replacedBy: z.string().nullable(),
  graceUntil: iso.nullable(),
  state: z.enum(['active', 'disabled', 'expired', 'revoked', 'grace', 'replaced']),
  openSessions: z.int(),
  budget: budgetUseSchema.nullable(),
});

export const accessKeyListSchema = z.object({
  items: z.array(accessKeySummarySchema),
  scopes: z.array(z.object({ id: z.string(), description: z.string() })),
  models: z.array(z.string()),
});
