import type { AccessKeyRow } from '@ephemera/db';

import type { AccessKeyState } from '../../access-keys/state.ts';
import { accessKeyState } from '../../access-keys/state.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';

/** A key as it is listed: everything but the secret, which nobody can show again. */
export type AccessKeySummary = {
  id: string;
  name: string;
  environment: AccessKeyRow['environment'];
  /** How the secret begins. */
  prefix: string;
  lastFour: string;
  scopes: string[];
  allowedModels: string[] | null;
  allowedOrigins: string[] | null;
  mintsPerMinute: number | null;
  maxOpenSessions: number | null;
  maxTtlSeconds: number | null;
  maxSessionSeconds: number | null;
  createdAt: string;
  createdBy: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastUsedPrefix: string | null;
  replacedBy: string | null;
  graceUntil: string | null;
  state: AccessKeyState;
  openSessions: number;
  budget: BudgetUse | null;
};

export type KeyUse = { openSessions: number; budget: BudgetUse | null };

type Described = { row: AccessKeyRow; creatorName: string | null; use: KeyUse; nowMs: number };

function toIso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

function copy(list: readonly string[] | null): string[] | null {
  return list === null ? null : [...list];
}

export function toAccessKeySummary({ row, creatorName, use, nowMs }: Described): AccessKeySummary {
  return {
    id: row.id,
    name: row.name,
    environment: row.environment,
    prefix: `eph_${row.environment}_`,
    lastFour: row.lastFour,
    scopes: [...row.scopes],
    allowedModels: copy(row.allowedModels),
    allowedOrigins: copy(row.allowedOrigins),
    mintsPerMinute: row.mintsPerMinute,
    maxOpenSessions: row.maxOpenSessions,
    maxTtlSeconds: row.maxTtlSeconds,
    maxSessionSeconds: row.maxSessionSeconds,
    createdAt: row.createdAt.toISOString(),
    createdBy: creatorName ?? row.createdBy,
    expiresAt: toIso(row.expiresAt),
    lastUsedAt: toIso(row.lastUsedAt),
    lastUsedPrefix: row.lastUsedPrefix,
    replacedBy: row.replacedBy,
    graceUntil: toIso(row.graceUntil),
    state: accessKeyState(row, nowMs),
    ...use,
  };
}
