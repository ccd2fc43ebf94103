import type { WriteResult } from '@ephemera/db';

import { nameOf, ownerIdOf, scopesOf } from '../../auth/scopes.ts';
import { createBoundedCache } from '../../bounded-cache.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import type { RateLimitState } from '../../errors.ts';
import { AppError } from '../../errors.ts';
import type { AdmissionPlan } from '../../limits/admission-statements.ts';
import { admissionUnit } from '../../limits/admission-statements.ts';
import { explainRefusal, rateLimitOf } from '../../limits/explain-refusal.ts';
import type { Rules } from '../../limits/limits.ts';
import { withNextPlace } from '../../limits/next-place.ts';
import type { AdmissionRequest, Planned } from '../../limits/plan-admission.ts';
import { isOutdated, planAdmission } from '../../limits/plan-admission.ts';
import type { RateWindow } from '../../limits/rate-window.ts';
import { isWindowRunning, toRateLimit } from '../../limits/rate-window.ts';
import { readStanding } from '../../limits/read-standing.ts';
import { worstCaseMicroUsd } from '../../pricing/estimate.ts';
import { closeOverdue } from '../sessions/close-overdue.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';
import type { TokenOrder, TokenWarning } from './admit.ts';
import { clampTtl } from './admit.ts';
import { auditDenial } from './audit-denial.ts';

/** A mint that may go ahead: counted, its worst case set aside, its row written. */
export type Admission = {
  plan: AdmissionPlan;
  rules: Rules;
  ttlSeconds: number;
  warnings: TokenWarning[];
  rateLimit: RateLimitState;
};

/** Room that is found and lost again while it is looked for. */
const MAX_TRIES = 6;
const HOUR_MS = 3_600_000;
const MAX_PRICES = 1_000;

/** The worst case of a model and a length changes with the price table alone, so once an hour is often enough. */
const worstCases = createBoundedCache<number | null>(MAX_PRICES);

function findWorstCase(model: string, seconds: number, nowMs: number): number | null {
  const name = `${model} ${seconds} ${Math.floor(nowMs / HOUR_MS)}`;
  const known = worstCases.get(name);
  if (known !== undefined) return known;
  const found = worstCaseMicroUsd(model, seconds, nowMs);
  worstCases.set(name, found);
  return found;
}

/** Under whom the session is filed: the caller, or a user whom it answers for. */
function ownerOf(actor: Actor, userId: string | undefined): Pick<AdmissionRequest, 'ownerId' | 'ownerName'> {
  if (userId === undefined || !scopesOf(actor).has('tokens:mint-for')) {
    return { ownerId: ownerIdOf(actor), ownerName: nameOf(actor) };
  }
  return { ownerId: `app:${userId}`, ownerName: null };
}

function toRequest(
  ctx: ServiceContext,
  order: TokenOrder,
  { actor, userId }: { actor: Actor; userId: string | undefined },
): AdmissionRequest {
  const nowMs = ctx.clock.now();
  const model = order.model.id;
  return {
    ...ownerOf(actor, userId),
    sessionId: ctx.ids.sessionId(),
    requestId: ctx.requestId,
    nowMs,
    windowSinceMs: ctx.rules.windowSince(nowMs),
    accessKey: actor.kind === 'access_key' ? actor : null,
    address: ctx.address ?? null,
    kind: order.kind,
    model,
    models: order.models,
    voice: order.voice,
    worstCaseMicroUsd: (seconds) => findWorstCase(model, seconds, nowMs),
  };
}

/** Answers what is left of the caller's mints; null where nothing was taken. */
async function runUnit(ctx: ServiceContext, plan: AdmissionPlan): Promise<RateLimitState | null> {
  const room = plan.accessKey ?? plan.user;
  if (room === null) throw new TypeError('A mint needs somebody whose it is.');
  const seen = ctx.rules.findWindow(room.subject, plan);
  try {
    const [inserted] = await ctx.database.writeAll(admissionUnit(plan, seen === null));
    if (inserted?.rowsAffected !== 1) return null;
    // Others of this process may have been counted meanwhile.
    const before = seen === null ? readWindow(inserted) : ctx.rules.findWindow(room.subject, plan);
    const window = countMint(plan, before ?? seen ?? readWindow(inserted));
    ctx.rules.noteWindow(room.subject, { window, nowMs: plan.nowMs, isRead: seen === null });
    return toRateLimit({ limit: room.mintsPerMinute, window, nowMs: plan.nowMs });
  } catch (cause) {
    throw new AppError('unavailable', 'The mint could not be recorded, so nothing was asked for.', {
      cause,
      details: { retryAfterSeconds: 1 },
    });
  }
}

/** The caller's window as it was before this mint, `start count`; null before the first one. */
function readWindow(inserted: WriteResult): RateWindow {
  const text = inserted.rows[0]?.['window'];
  const [startMs = 0, count = 0] = typeof text === 'string' ? text.split(' ').map(Number) : [];
  return { startMs, count };
}

function countMint(plan: AdmissionPlan, { startMs, count }: RateWindow): RateWindow {
  return isWindowRunning(startMs, plan) ? { startMs, count: count + 1 } : { startMs: plan.nowMs, count: 1 };
}

function toAdmission(
  ctx: ServiceContext,
  order: TokenOrder,
  { planned, rateLimit, rules }: { planned: Planned & { ok: true }; rateLimit: RateLimitState; rules: Rules },
): Admission {
  const { plan, maxTtlSeconds } = planned;
  const ttl = {
    defaultSeconds: order.defaultTtlSeconds ?? ctx.settings.tokenTtl.defaultSeconds,
    maxSeconds: maxTtlSeconds,
  };
  const { ttlSeconds, warnings } = clampTtl(order.askedTtlSeconds, ttl);
  return {
    plan,
    rules,
    ttlSeconds,
    warnings: [...order.warnings, ...warnings],
    rateLimit,
  };
}

/** Sessions that are over give back before anybody is refused for them; else about once a second, beside the mints. */
function sweepBeside(ctx: ServiceContext, nowMs: number): void {
  if (!ctx.rules.takeSweep(nowMs)) return;
  const work = closeOverdueIfPossible(ctx);
  ctx.waitUntil?.(work);
}

/**
 * Decides in one unit whether a mint may be: its limits, its budgets, its user, its model. What this process remembers
 * of the rules is checked there too; where they have changed, or there is no room, they are read and it is tried again.
 * Throws why not, before anybody upstream was asked.
 */
export async function admit(
  ctx: ServiceContext,
  order: TokenOrder,
  caller: { actor: Actor; userId: string | undefined },
): Promise<Admission> {
  const request = toRequest(ctx, order, caller);
  const { nowMs } = request;
  const subjects = { userId: request.ownerId, accessKeyId: request.accessKey?.id ?? null };
  sweepBeside(ctx, nowMs);
  const shielded = ctx.refusals.find(request);
  if (shielded !== null) return await auditDenial(ctx, request, shielded);
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const rules = ctx.rules.find(subjects);
    const planned = planAdmission(request, rules, ctx.settings.limits);
    if (planned.ok) {
      const rateLimit = await runUnit(ctx, planned.plan);
      if (rateLimit !== null) return toAdmission(ctx, order, { planned, rateLimit, rules });
    }
    const refusal = await findRefusal(ctx, request, planned);
    if (refusal !== null) return await auditDenial(ctx, request, refusal);
  }
  throw new AppError('unavailable', 'Too many mints are looking for the same room: try again.', {
    details: { retryAfterSeconds: 1 },
  });
}

/**
 * Whether a token that was issued already may be handed out again: by the rules of now, as for a new one. Nothing is
 * counted. Answers what is left of the caller's mints; throws why not.
 */
export async function admitAgain(
  ctx: ServiceContext,
  order: TokenOrder,
  caller: { actor: Actor; userId: string | undefined },
): Promise<{ ownerId: string; rateLimit: RateLimitState | undefined }> {
  const request = toRequest(ctx, order, caller);
  const { ownerId, address } = request;
  const subjects = { userId: ownerId, accessKeyId: request.accessKey?.id ?? null, address };
  const standing = await readStanding(ctx.database, subjects, request.nowMs);
  ctx.rules.learn(subjects, standing.rules);
  const planned = planAdmission(request, standing.rules, ctx.settings.limits);
  if (!planned.ok) return await auditDenial(ctx, request, planned.error);
  return { ownerId, rateLimit: rateLimitOf(planned.plan, standing) };
}

/** Reads what stands in the way; null where it is gone, or was never there by the rules of today. */
async function findRefusal(
  ctx: ServiceContext,
  request: AdmissionRequest,
  planned: Planned,
): Promise<AppError | null> {
  const subjects = {
    userId: request.ownerId,
    accessKeyId: request.accessKey?.id ?? null,
    address: request.address,
  };
  const standing = await readStanding(ctx.database, subjects, request.nowMs);
  ctx.rules.learn(subjects, standing.rules);
  if (!planned.ok) {
    const again = planAdmission(request, standing.rules, ctx.settings.limits);
    return again.ok ? null : again.error;
  }
  if (isOutdated(planned.plan, standing.rules)) return null;
  const refusal = explainRefusal(planned.plan, standing);
  if (refusal === null) return null;
  if (refusal.code === 'rate_limited') ctx.refusals.learn(request, refusal);
  else if (standing.hasOverdue && (await closeOverdue(ctx)).closed > 0) return null;
  const { plan } = planned;
  return refusal.code === 'session_limit'
    ? await withNextPlace(ctx.database, refusal, { plan, standing })
    : refusal;
}
