import * as z from 'zod';

import { iso } from './schemas.ts';

const microUsd = z.int();

export const budgetUseSchema = z.object({
  limitMicroUsd: microUsd,
  spentMicroUsd: microUsd,
  reservedMicroUsd: microUsd,
  leftMicroUsd: microUsd,
  period: z.enum(['daily', 'weekly', 'monthly']),
  timeZone: z.string(),
  action: z.enum(['block', 'warn']),
  periodStart: iso,
  resetsAt: iso,
});

export const limitValueSchema = z.object({ value: z.int(), isOwn: z.boolean() });

const MAX_COUNT = 100_000_000;
const count = z.int().min(1).max(MAX_COUNT).nullish();

/** Null: what the level above says; left out: as it is. */
export const ownLimitsShape = {
  mintsPerMinute: count,
  maxOpenSessions: count,
  maxTtlSeconds: z.int().min(10).max(7_200).nullish(),
  maxSessionSeconds: z.int().min(30).max(3_600).nullish(),
};

export const deploymentLimitsShape = { ...ownLimitsShape, mintsPerMinutePerAddress: count };
