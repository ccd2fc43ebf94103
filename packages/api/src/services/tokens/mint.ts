import type { UpstreamAttempt } from '@ephemera/db';
import type { ClientSecretResponse } from '@ephemera/realtime-protocol';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { FailureClass } from '../../pool/failure-class.ts';
import { classifyFailure, isWorthAnotherKey } from '../../pool/failure-class.ts';
import type { NothingToPick, Picked, PickResult, Settlement } from '../../pool/key-pool.ts';
import { toMintError } from '../../providers/openai-outcome.ts';
import { planRetry, readRetryAfter } from '../../providers/openai-retry.ts';
import type { FailedOutcome, Outcome } from '../../providers/realtime-provider.ts';

export type MintOrder = {
  ttlSeconds: number;
  sessionJson: string;
  safetyIdentifier: string;
};

/** Both ends tell what was tried, and what has to be committed with the session's row. */
export type Minted = { attempts: UpstreamAttempt[]; settlements: Settlement[] } & (
  | { ok: true; secret: ClientSecretResponse; text: string; keyId: string }
  | { ok: false; error: AppError }
);

/** One mint under way. */
type Run = {
  ctx: ServiceContext;
  order: MintOrder;
  attempts: UpstreamAttempt[];
  settlements: Settlement[];
  /** Keys that this mint does not try again, as long as there are others. */
  tried: string[];
  deadlineMs: number;
  last: FailedOutcome | null;
  /** When the provider's rules allow the same request again; null for never. */
  waitMs: number | null;
};

type Try = { keyId: string; durationMs: number };

/** In codes alone: what stands in a provider's body may quote the key. */
function describeLoss(
  outcome: FailedOutcome,
  failure: FailureClass,
  { durationMs, keyId }: Try,
): UpstreamAttempt {
  const status = 'status' in outcome ? outcome.status : null;
  const attempt = { status, code: nameCode(outcome), durationMs, keyId };
  // The caller's own fault is a use of the key, and counts against nobody.
  return failure === 'request_refused' ? attempt : { ...attempt, isError: true };
}

function nameCode(outcome: FailedOutcome): string | null {
  if (outcome.kind === 'refused') return outcome.code;
  return outcome.kind === 'invalid' ? 'invalid_response' : outcome.kind;
}

function findAskedDelay(outcome: FailedOutcome, nowMs: number): number | null {
  return outcome.kind === 'refused' ? readRetryAfter(outcome.headers, nowMs) : null;
}

/** A timer may fire a little before its time by another clock, and the key would still be cooling down. */
const TIMER_MARGIN_MS = 2;

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms + TIMER_MARGIN_MS));
}

function chooseTimeout({ ctx, attempts, deadlineMs }: Run, picked: Picked, nowMs: number): number {
  const { triesPerMint, tryTimeoutMs } = ctx.settings.mint;
  const isLast = picked.alternatives === 0 || attempts.length + 1 === triesPerMint;
  return isLast ? deadlineMs - nowMs : Math.min(tryTimeoutMs, deadlineMs - nowMs);
}

async function ask({ ctx, order }: Run, picked: Picked, timeoutMs: number): Promise<Outcome> {
  const { ttlSeconds, sessionJson, safetyIdentifier } = order;
  try {
    return await ctx.provider.tryMint({
      key: picked.key,
      ttlSeconds,
      sessionJson,
      safetyIdentifier,
      timeoutMs,
    });
  } catch (error) {
    ctx.keyPool.release(picked);
    throw error;
  }
}

function settleFailure(run: Run, picked: Picked, outcome: FailedOutcome): FailureClass {
  const { ctx, attempts, settlements, deadlineMs } = run;
  const nowMs = ctx.clock.now();
  const attempt = attempts.length + 1;
  run.waitMs =
    attempt < ctx.settings.mint.triesPerMint
      ? planRetry(outcome, { attempt, nowMs, deadlineMs, random: Math.random })
      : null;
  // A lone key that does not say when to come back is left alone for as long as this mint will wait for it.
  const askedMs = findAskedDelay(outcome, nowMs) ?? (picked.alternatives === 0 ? run.waitMs : null);
  const code = outcome.kind === 'refused' ? outcome.code : null;
  const failure = classifyFailure(outcome);
  const settled = ctx.keyPool.fail(picked, { failure, code, retryAfterMs: askedMs }, ctx.requestId);
  if (settled !== null) settlements.push(settled);
  return failure;
}

async function tryKey(run: Run, picked: Picked): Promise<Minted | FailureClass> {
  const { ctx, attempts, settlements } = run;
  const startedMs = ctx.clock.now();
  const outcome = await ask(run, picked, chooseTimeout(run, picked, startedMs));
  const keyId = picked.key.id;
  const durationMs = ctx.clock.now() - startedMs;
  if (outcome.kind === 'issued') {
    const { status, secret, text } = outcome;
    attempts.push({ status, code: null, durationMs, keyId });
    const settled = ctx.keyPool.succeed(picked, ctx.requestId);
    if (settled !== null) settlements.push(settled);
    return { ok: true, secret, text, keyId, attempts, settlements };
  }
  run.last = outcome;
  const failure = settleFailure(run, picked, outcome);
  attempts.push(describeLoss(outcome, failure, { keyId, durationMs }));
  return failure;
}

/** Waits as the provider's rules say; false where they, or the deadline, say no. */
async function waitForRetry(run: Run): Promise<boolean> {
  if (run.waitMs === null) return false;
  await delay(run.waitMs);
  run.tried = [];
  run.waitMs = null;
  return true;
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function refuse({ isEmpty, soonestRetryAtMs }: NothingToPick, nowMs: number): AppError {
  if (isEmpty) return new AppError('no_healthy_provider_key', 'No provider key is configured.');
  if (soonestRetryAtMs === null)
    return new AppError('no_healthy_provider_key', 'No provider key is healthy. An operator has to act.');
  const at = new Date(soonestRetryAtMs).toISOString();
  const message = `No provider key is healthy at the moment. The first one is tried again at ${at}.`;
  const retryAfterSeconds = toSeconds(soonestRetryAtMs - nowMs);
  return new AppError('no_healthy_provider_key', message, { details: { retryAfterSeconds } });
}

function giveUp({ ctx, attempts, settlements, last }: Run, nothing: NothingToPick | null): Minted {
  const nowMs = ctx.clock.now();
  if (last === null) {
    const error = refuse(nothing ?? { kind: 'none', isEmpty: false, soonestRetryAtMs: null }, nowMs);
    return { ok: false, error, attempts, settlements };
  }
  // Where no key is left the next mint is refused until then, whatever the provider said of one of them.
  const retryAtMs = ctx.keyPool.findRetryAt(ctx.provider.id);
  const askedMs = findAskedDelay(last, nowMs);
  const askedSeconds = askedMs === null ? null : Math.ceil(askedMs / 1_000);
  const error = toMintError(last, retryAtMs === null ? askedSeconds : toSeconds(retryAtMs - nowMs));
  return { ok: false, error, attempts, settlements };
}

/** A try in the last moments would say nothing about the key, and be counted against it. */
function isTooLate({ ctx, last, deadlineMs }: Run): boolean {
  return last !== null && deadlineMs - ctx.clock.now() < ctx.settings.mint.tryTimeoutMs / 10;
}

function acquire({ ctx, tried }: Run): PickResult | Promise<PickResult> {
  const { keyTester, waitUntil } = ctx;
  return ctx.keyPool.acquire(ctx.provider.id, { exclude: tried, waitUntil, keyTester });
}

/**
 * Asks with one healthy key after another, at most three times within one deadline. Where all have been tried, or there
 * is but one, the same key is asked again by the rules of the provider's SDK.
 */
export async function mintWithPool(ctx: ServiceContext, order: MintOrder): Promise<Minted> {
  const { triesPerMint, totalMs, loneTotalMs } = ctx.settings.mint;
  const run: Run = {
    ctx,
    order,
    attempts: [],
    settlements: [],
    tried: [],
    deadlineMs: 0,
    last: null,
    waitMs: null,
  };
  while (run.attempts.length < triesPerMint && !isTooLate(run)) {
    const picked = await acquire(run);
    if (picked.kind === 'none') {
      if (run.tried.length > 0 && (await waitForRetry(run))) continue;
      return giveUp(run, picked);
    }
    if (run.last === null)
      run.deadlineMs = ctx.clock.now() + (picked.alternatives > 0 ? totalMs : loneTotalMs);
    const result = await tryKey(run, picked);
    if (typeof result === 'object') return result;
    run.tried.push(picked.key.id);
    if (!isWorthAnotherKey(result) && !(await waitForRetry(run))) break;
  }
  return giveUp(run, null);
}
