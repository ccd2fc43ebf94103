import type { ProviderKeyRow, ProviderKeyState } from '@ephemera/db';

import { findProvider } from '../../models/provider-catalogue.ts';
import { readEffectiveHealth, untilOf } from '../../pool/health-row.ts';
import { reasonOf } from '../../pool/key-health.ts';

/** A provider key as an operator sees it. Of the key itself there is the end of it, and nothing more. */
export type ProviderKeySummary = {
  id: string;
  provider: string;
  providerName: string;
  name: string;
  source: 'stored' | 'environment';
  limitDomain: string | null;
  lastFour: string;
  /** What the row amounts to at this moment. */
  state: ProviderKeyState;
  reason: string | null;
  since: string;
  until: string | null;
  /** When a rotation's overlap ends. */
  drainAt: string | null;
  replaces: string | null;
  replacedBy: string | null;
  weight: number;
  usageCount: number;
  errorCount: number;
  uses24h: number;
  errors24h: number;
  /** By hour, the oldest first; the last one is the hour that runs. */
  errorSeries24h: number[];
  lastUsedAt: string | null;
  lastError: string | null;
  lastErrorAt: string | null;
  openSessions: number;
  createdAt: string;
  kekVersion: number | null;
  /** Wrapped by an older key than the newest: a rewrap is due before that one may go. */
  isOutdatedKek: boolean;
  /** False: a key of the environment that is not set any more. */
  isConfigured: boolean;
  isDemo: boolean;
};

export type HourRow = { hourStartMs: number; uses: number; errors: number };

/** What a summary needs beside the row. */
export type SummaryParts = {
  nowMs: number;
  hours: readonly HourRow[];
  openSessions: number;
  replacedBy: string | null;
  newestKekVersion: number | null;
  isConfigured: boolean;
};

export const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** Who made the demo's keys. */
export const DEMO_CREATOR = 'demo';

/** The start of the oldest of the last 24 hours, the running one included. */
export function firstHourOfDay(nowMs: number): number {
  return nowMs - (nowMs % HOUR_MS) - (DAY_HOURS - 1) * HOUR_MS;
}

function toIso(time: Date | number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function listErrors(hours: readonly HourRow[], firstHourMs: number): number[] {
  const series = Array.from({ length: DAY_HOURS }, () => 0);
  for (const { hourStartMs, errors } of hours) {
    const index = (hourStartMs - firstHourMs) / HOUR_MS;
    if (index >= 0 && index < DAY_HOURS) series[index] = errors;
  }
  return series;
}

export function toProviderKeySummary(row: ProviderKeyRow, parts: SummaryParts): ProviderKeySummary {
  const health = readEffectiveHealth(row, parts.nowMs);
  const firstHourMs = firstHourOfDay(parts.nowMs);
  const today = parts.hours.filter(({ hourStartMs }) => hourStartMs >= firstHourMs);
  const { kekVersion } = row;
  return {
    id: row.id,
    provider: row.provider,
    providerName: findProvider(row.provider)?.name ?? row.provider,
    name: row.name,
    source: row.source,
    limitDomain: row.limitDomain,
    lastFour: row.lastFour,
    state: health.state,
    reason: reasonOf(health),
    since: new Date(health.sinceMs).toISOString(),
    until: toIso(untilOf(health)),
    drainAt: toIso(row.drainAt),
    replaces: row.replaces,
    replacedBy: parts.replacedBy,
    weight: row.weight,
    usageCount: row.usageCount,
    errorCount: row.errorCount,
    uses24h: today.reduce((sum, { uses }) => sum + uses, 0),
    errors24h: today.reduce((sum, { errors }) => sum + errors, 0),
    errorSeries24h: listErrors(today, firstHourMs),
    lastUsedAt: toIso(row.lastUsedAt),
    lastError: row.lastError,
    lastErrorAt: toIso(row.lastErrorAt),
    openSessions: parts.openSessions,
    createdAt: row.createdAt.toISOString(),
    kekVersion,
    isOutdatedKek:
      kekVersion !== null && parts.newestKekVersion !== null && kekVersion !== parts.newestKekVersion,
    isConfigured: parts.isConfigured,
    isDemo: row.createdBy === DEMO_CREATOR,
  };
}
