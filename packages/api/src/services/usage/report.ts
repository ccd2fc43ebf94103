import type { SessionRow } from '@ephemera/db';
import * as z from 'zod';

import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import { estimateMicroUsd } from '../../pricing/estimate.ts';
import { getOwnSession } from '../sessions/find.ts';
import { updateCost } from './cost-sql.ts';
import type { CostUpdate } from './cost-sql.ts';
import { forgetTotals, insertEvent } from './event-rows.ts';
import type { PricedSession, UsageEventInput } from './event-rows.ts';

export type ReportUsageInput = {
  /** Ours (`ses_…`) or the provider's (`sess_…`). */
  sessionId: string;
  events: readonly UsageEventInput[];
};

export type UsageReceipt = { counted: number; duplicates: number };

/** How long after its end a session still takes what a client could not deliver before. */
const LATE_USAGE_MS = 86_400_000;

/** An hour with a response and a transcription every second and a half. */
const MAX_EVENTS = 5_000;

type Length = Pick<
  SessionRow,
  'model' | 'issuedAt' | 'connectedAt' | 'durationSeconds' | 'deadlineAt' | 'endedAt'
>;

function secondsSoFar(session: Length, nowMs: number): number {
  if (session.durationSeconds !== null) return session.durationSeconds;
  const startMs = (session.connectedAt ?? session.issuedAt).getTime();
  const endMs = (session.endedAt ?? session.deadlineAt)?.getTime() ?? nowMs;
  return Math.max(0, Math.min(nowMs, endMs) - startMs) / 1_000;
}

/** What stands in for events without a price. */
export function estimateSoFar(
  session: PricedSession & Length,
  nowMs: number,
): Omit<CostUpdate, 'nowMs' | 'sessionId'> {
  const { model, issuedAt } = session;
  if (model === null) return { estimateMicroUsd: null, estimateVersion: null };
  const atMs = issuedAt.getTime();
  return {
    estimateMicroUsd: estimateMicroUsd(model, secondsSoFar(session, nowMs), atMs),
    estimateVersion: findPrices(model, atMs)?.version ?? null,
  };
}

function checkOpenForUsage(session: SessionRow, nowMs: number): void {
  const endMs = (session.endedAt ?? session.deadlineAt)?.getTime() ?? nowMs;
  if (session.providerSessionId !== null && nowMs - endMs <= LATE_USAGE_MS) return;
  throw new AppError(
    'conflict',
    'This session takes no usage: it never began, or ended more than a day ago.',
  );
}

const KNOWN_SQL = `select count(*) as total, json_group_array(event_id)
    filter (where event_id in (select value from json_each(?2))) as known
  from usage_events where session_id = ?1`;

const knownSchema = z.object({
  total: z.number(),
  known: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(z.string())),
});

/** How many events the session has, and which of these are among them. */
async function findKnown(
  ctx: ServiceContext,
  { id }: SessionRow,
  events: readonly UsageEventInput[],
): Promise<{ total: number; known: ReadonlySet<string> }> {
  const ids = JSON.stringify(events.map(({ eventId }) => eventId));
  const [row] = await ctx.database.read(KNOWN_SQL, [id, ids]);
  const { total, known: list } = knownSchema.parse(row);
  return { total, known: new Set(list) };
}

/**
 * Takes what responses and transcriptions used, each once by (session, event id), while the session runs and for a day
 * after it. Only from whoever the session belongs to.
 */
export async function reportUsage(ctx: ServiceContext, input: ReportUsageInput): Promise<UsageReceipt> {
  const actor = requireScope(ctx, 'sessions:report');
  const session = await getOwnSession(ctx, ownerIdOf(actor), input.sessionId);
  const nowMs = ctx.clock.now();
  checkOpenForUsage(session, nowMs);
  const { total, known } = await findKnown(ctx, session, input.events);
  const fresh = input.events.filter(({ eventId }) => !known.has(eventId));
  // A replay must not even touch the row.
  if (fresh.length === 0) return { counted: 0, duplicates: input.events.length };
  if (total + fresh.length > MAX_EVENTS) {
    throw new AppError('payload_too_large', `A session holds no more than ${MAX_EVENTS} usage events.`);
  }
  const results = await ctx.database.writeAll([
    forgetTotals(session.id, fresh),
    ...fresh.map((event) => insertEvent(session, event, nowMs)),
    updateCost({ sessionId: session.id, nowMs, ...estimateSoFar(session, nowMs) }),
  ]);
  const counted = results.slice(1, -1).filter(({ rows }) => rows.length > 0).length;
  ctx.logger.info('session.usage', { sessionId: session.id, counted });
  return { counted, duplicates: input.events.length - counted };
}
