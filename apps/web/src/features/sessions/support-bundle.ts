import type { SessionDetail } from './session-types.ts';

/**
 * What support needs to find a call and to see where its time went: ids, times, counts. Named field by field, so that
 * nothing else (a name, a word that was said) can come along with a field that is added later.
 */
export function createSupportBundle(session: SessionDetail, now: number): string {
  const bundle = {
    copiedAt: new Date(now).toISOString(),
    ids: {
      session: session.id,
      providerSession: session.providerSessionId,
      call: session.callId,
      request: session.requestId,
      user: session.userId,
      accessKey: session.accessKeyId,
    },
    state: session.state,
    endedBy: session.endedBy,
    reason: session.reason,
    kind: session.kind,
    model: session.model,
    transport: session.transport,
    times: {
      issuedAt: session.issuedAt,
      expiresAt: session.expiresAt,
      connectedAt: session.connectedAt,
      lastSeenAt: session.lastSeenAt,
      endedAt: session.endedAt,
      deadlineAt: session.deadlineAt,
    },
    seconds: {
      duration: session.durationSeconds,
      reported: session.reportedDurationSeconds,
      isDisputed: session.isDurationDisputed,
      limit: session.limitSeconds,
    },
    mintMs: session.mintMs,
    attempts: session.attempts,
    steps: session.steps,
    icePair: session.icePair,
    cost: {
      microUsd: session.costMicroUsd,
      status: session.costStatus,
      source: session.costSource,
      priceVersion: session.priceVersion,
    },
    usageEvents: session.usageEvents.map(({ eventId, kind, at, costMicroUsd }) => ({
      eventId,
      kind,
      at,
      costMicroUsd,
    })),
  };
  return JSON.stringify(bundle, null, 2);
}
