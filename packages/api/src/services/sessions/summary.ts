import type { IcePair, SessionRow, SessionStep, UpstreamAttempt } from '@ephemera/db';

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
};

export type SessionDetail = SessionSummary & {
  providerSessionId: string | null;
  callId: string | null;
  requestId: string;
  usage: Record<string, unknown> | null;
  steps: SessionStep[];
  reportedDurationSeconds: number | null;
  isDurationDisputed: boolean;
  attempts: UpstreamAttempt[];
  mintMs: number | null;
};

function toIso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

export type SummaryRow = Pick<
  SessionRow,
  Exclude<keyof SessionSummary, 'issuedAt' | 'expiresAt' | 'connectedAt' | 'endedAt'>
> &
  Pick<SessionRow, 'issuedAt' | 'expiresAt' | 'connectedAt' | 'endedAt'>;

export function toSummary(row: SummaryRow): SessionSummary {
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

export function toDetail(row: SessionRow, isOperator: boolean): SessionDetail {
  return {
    ...toSummary(row),
    providerSessionId: row.providerSessionId,
    callId: row.callId,
    requestId: row.requestId,
    usage: row.usage,
    steps: row.steps ?? [],
    reportedDurationSeconds: row.reportedDurationSeconds,
    isDurationDisputed: row.isDurationDisputed,
    attempts: toAttempts(row, isOperator),
    mintMs: row.mintMs,
  };
}
