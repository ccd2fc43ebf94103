import * as z from 'zod';

import { iso } from './schemas.ts';

const MAX_EXPORT = 1_000;

const id = z.string().min(1).max(256);
const result = z.enum(['ok', 'denied', 'failed']);
/** Ours begin at 1; what is found below was put in by somebody else, and has to be shown. */
const seq = z.int();

export const listAuditSchema = z
  .strictObject({
    actor: id.optional(),
    action: z
      .string()
      .regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/)
      .optional(),
    target: id.optional(),
    result: result.optional(),
    from: iso.optional(),
    to: iso.optional(),
    limit: z.int().min(1).max(100).optional(),
    cursor: z.string().min(1).max(64).optional(),
  })
  .prefault({});

export const auditPageSchema = z.object({
  items: z.array(
    z.object({
      seq,
      id: z.string(),
      at: iso,
      actorKind: z.string(),
      actorId: z.string().nullable(),
      actorName: z.string().nullable(),
      action: z.string(),
      target: z.string().nullable(),
      result: z.string(),
      requestId: z.string(),
      ipPrefix: z.string().nullable(),
      details: z.record(z.string(), z.unknown()).nullable(),
      hash: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const auditStatusSchema = z.object({
  total: z.int(),
  chained: z.int(),
  verifiedTo: seq.nullable(),
  firstBroken: z
    .object({
      seq,
      id: z.string().nullable(),
      reason: z.enum(['hash_mismatch', 'hash_missing', 'entries_missing', 'tail_missing']),
    })
    .nullable(),
  head: z.object({ seq, hash: z.string() }).nullable(),
  checkedAt: iso,
});

export const checkpointSchema = z.object({
  seq,
  hash: z.string(),
  at: iso,
  signature: z.string(),
  publicKey: z.string(),
});

export const exportAuditSchema = z.strictObject({
  /** May lie below every number that there can be. */
  afterSeq: z.number(),
  limit: z.int().min(1).max(MAX_EXPORT).optional(),
});

/** As it is stored: the hash covers these very values. */
export const exportPageSchema = z.object({
  entries: z.array(
    z.object({
      seq,
      id: z.string(),
      at: z.number(),
      actorKind: z.string(),
      actorId: z.string().nullable(),
      action: z.string(),
      target: z.string().nullable(),
      result: z.string(),
      requestId: z.string(),
      ipPrefix: z.string().nullable(),
      details: z.string().nullable(),
      hash: z.string().nullable(),
    }),
  ),
  nextSeq: seq.nullable(),
});
