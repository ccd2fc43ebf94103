import type { IcePair, SessionRow, SessionStep, UpstreamAttempt } from '@ephemera/db';

import { byTheClock } from './deadline.ts';
import type { UsageDetail } from './usage-detail.ts';

export type SessionState = SessionRow['state'];
export type EndedBy = NonNullable<SessionRow['endedBy']>;

export type SessionSummary = {
  id: string;
  state: SessionState;
  userId: string;
  userName: string | null;
  model: string | null;
  voice: string | null;
  kind: SessionRow['kind'];
  transport: SessionRow['transport'];
  issuedAt: string;
  expiresAt: string | null;
  connectedAt: string | null;
  endedAt: string | null;
  endedBy: EndedBy | null;
  reason: string | null;
  durationSeconds: number | null;
  messageCount: number | null;
  icePair: IcePair | null;
  isDemo: boolean;
  /** The caller's key, where one asked. */
  accessKeyId: string | null;
  /** Null while unknown, which is not zero. */
  costMicroUsd: number | null;
  costStatus: SessionRow['costStatus'];
  costSource: string | null;
  /** Seconds that the conversation may last. */
  limitSeconds: number | null;
  /** When it is over at the latest; null once it is. */
  deadlineAt: string | null;
  /** The client's last sign of life. */
  lastSeenAt: string | null;
};

export type SessionDetail = SessionSummary &
  UsageDetail & {
    providerSessionId: string | null;
    callId: string | null;
    requestId: string;
    usage: Record<string, unknown> | null;
    steps: SessionStep[];
    reportedDurationSeconds: number | null;
    isDurationDisputed: boolean;
    attempts: UpstreamAttempt[];
    mintMs: number | null;
    priceVersion: string | null;
  };

function toIso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

export type SummaryRow = Pick<SessionRow, keyof SessionSummary>;

/** As it stands at that moment, by the clock where nobody has written the end down yet. */
export function toSummary(stored: SummaryRow, nowMs: number): SessionSummary {
  const row = byTheClock(stored, nowMs);
  return {
    id: row.id,
    state: row.state,
    userId: row.userId,
    userName: row.userName,
    model: row.model,
    voice: row.voice,
    kind: row.kind,
    transport: row.transport,
    issuedAt: row.issuedAt.toISOString(),
    expiresAt: toIso(row.expiresAt),
    connectedAt: toIso(row.connectedAt),
    endedAt: toIso(row.endedAt),
    endedBy: row.endedBy,
    reason: row.reason,
    durationSeconds: row.durationSeconds,
    messageCount: row.messageCount,
    icePair: row.icePair,
    isDemo: row.isDemo,
    accessKeyId: row.accessKeyId,
    costMicroUsd: row.costMicroUsd,
    costStatus: row.costStatus,
    costSource: row.costSource,
    limitSeconds: row.limitSeconds,
    deadlineAt: row.state === 'ended' || row.state === 'failed' ? null : toIso(row.deadlineAt),
    lastSeenAt: toIso(row.lastSeenAt),
  };
}

/** Rows from before the pool know no key, and which one it was is none of a user's business. */
function toAttempts(row: SessionRow, isOperator: boolean): UpstreamAttempt[] {
  return (row.attempts ?? []).map(({ status, code, durationMs, keyId }) => ({
    status,
    code,
    durationMs,
    keyId: isOperator ? (keyId ?? null) : null,
  }));
}

type DetailOptions = {
  /** Which provider key was tried is for operators. */
  seesKeys: boolean;
  nowMs: number;
  usage: UsageDetail;
};

export function toDetail(row: SessionRow, { seesKeys, nowMs, usage }: DetailOptions): SessionDetail {
  return {
    ...toSummary(row, nowMs),
    ...usage,
    providerSessionId: row.providerSessionId,
    callId: row.callId,
    requestId: row.requestId,
    usage: row.usage,
    steps: row.steps ?? [],
    reportedDurationSeconds: row.reportedDurationSeconds,
    isDurationDisputed: row.isDurationDisputed,
    attempts: toAttempts(row, seesKeys),
    mintMs: row.mintMs,
    priceVersion: row.priceVersion,
  };
}
