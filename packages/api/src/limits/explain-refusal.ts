import type { RateLimitState } from '../errors.ts';
import { AppError } from '../errors.ts';
import type { AdmissionPlan, SubjectRoom } from './admission-statements.ts';
import { toBudgetUse } from './budget-use.ts';
import type { AllowanceKind, Budget } from './limits.ts';
import { userBudgetOf } from './limits.ts';
import type { WindowTime } from './rate-window.ts';
import { isWindowRunning, toRateLimit } from './rate-window.ts';
import type { Allowance, Standing } from './read-standing.ts';

const POLICY = 'mint';
const ADDRESS_POLICY = 'mint-address';

export function rateLimited(rateLimit: RateLimitState): AppError {
  const whose = rateLimit.policy === ADDRESS_POLICY ? ' from one address' : '';
  return new AppError('rate_limited', `Too many mints: ${rateLimit.limit} a minute are allowed${whose}.`, {
    details: { retryAfterSeconds: rateLimit.resetSeconds, rateLimit },
  });
}

function findAllowance({ allowances }: Standing, kind: AllowanceKind): Allowance | undefined {
  return allowances.find((allowance) => allowance.kind === kind);
}

type Held = { limit: number; allowance: Allowance | undefined; policy: string; time: WindowTime };

function explainRate({ limit, allowance, policy, time }: Held): AppError | null {
  if (allowance === undefined || allowance.windowCount < limit) return null;
  if (!isWindowRunning(allowance.windowStartMs, time)) return null;
  const window = { startMs: allowance.windowStartMs, count: allowance.windowCount };
  return rateLimited(toRateLimit({ policy, limit, window, nowMs: time.nowMs }));
}

function isFull({ maxOpenSessions }: SubjectRoom, allowance: Allowance | undefined): boolean {
  return allowance !== undefined && allowance.openSessions >= maxOpenSessions;
}

function explainSessions(room: SubjectRoom, allowance: Allowance | undefined): AppError | null {
  return isFull(room, allowance) ? sessionLimit(room.maxOpenSessions, null) : null;
}

/** `waitSeconds`: until the next place is free at the latest. */
export function sessionLimit(
  maxOpenSessions: number,
  waitSeconds: number | null,
  rateLimit?: RateLimitState,
): AppError {
  const message =
    `No more than ${maxOpenSessions} sessions may hold a place. A call gives its place back when it ends, a secret ` +
    `that was never used when it expires${waitSeconds === null ? '' : `: the next one in ${waitSeconds} s at the latest`}.`;
  return new AppError('session_limit', message, {
    details: { retryAfterSeconds: waitSeconds ?? 1, rateLimit },
  });
}

/** Whose places are all taken: of two, the one that is told of. */
export function findFullRoom(
  { user, accessKey }: AdmissionPlan,
  standing: Standing,
): { kind: 'user' | 'access_key'; room: SubjectRoom } | null {
  if (user !== null && isFull(user, findAllowance(standing, 'user'))) return { kind: 'user', room: user };
  if (accessKey !== null && isFull(accessKey, findAllowance(standing, 'access_key')))
    return { kind: 'access_key', room: accessKey };
  return null;
}

function toUsd(microUsd: number): string {
  const usd = microUsd / 1_000_000;
  // Under a cent, two decimals would say that nothing is left, or costs anything.
  return microUsd > 0 && usd < 0.01 ? `$${usd.toFixed(6)}` : `$${usd.toFixed(2)}`;
}

const OF_SCOPE: Readonly<Record<Budget['scope'], string>> = {
  project: "This project's",
  default_user: 'Your',
  user: 'Your',
  access_key: "This access key's",
};

type Spending = { budget: Budget | null; allowance: Allowance | undefined };

function explainBudget(
  { reservedMicroUsd, nowMs }: AdmissionPlan,
  { budget, allowance }: Spending,
): AppError | null {
  if (budget?.action !== 'block') return null;
  const { scope, limitMicroUsd } = budget;
  const { leftMicroUsd, resetsAt } = toBudgetUse(budget, allowance, nowMs);
  if (reservedMicroUsd <= leftMicroUsd) return null;
  const message =
    `${OF_SCOPE[scope]} budget of ${toUsd(limitMicroUsd)} is used up: ${toUsd(leftMicroUsd)} is left, a session may ` +
    `cost ${toUsd(reservedMicroUsd)}. It resets at ${resetsAt}.`;
  return new AppError('budget_exceeded', message, {
    details: { budget: { scope, limitMicroUsd, leftMicroUsd, resetsAt } },
  });
}

function explainSubject(
  plan: AdmissionPlan,
  room: SubjectRoom | null,
  { budget, allowance }: Spending,
): AppError | null {
  if (room === null) return null;
  return (
    explainRate({ limit: room.mintsPerMinute, allowance, policy: POLICY, time: plan }) ??
    explainSessions(room, allowance) ??
    explainBudget(plan, { budget, allowance })
  );
}

/** What is left of the caller's mints, of whom this one was none. */
export function rateLimitOf(plan: AdmissionPlan, standing: Standing): RateLimitState | undefined {
  const room = plan.accessKey ?? plan.user;
  if (room === null) return undefined;
  const seen = findAllowance(standing, plan.accessKey === null ? 'user' : 'access_key');
  const window =
    seen !== undefined && isWindowRunning(seen.windowStartMs, plan)
      ? { startMs: seen.windowStartMs, count: seen.windowCount }
      : { startMs: plan.nowMs, count: 0 };
  return toRateLimit({ limit: room.mintsPerMinute, window, nowMs: plan.nowMs });
}

/** Why there was no room; null where there is by now. */
export function explainRefusal(plan: AdmissionPlan, standing: Standing): AppError | null {
  const refusal = findReason(plan, standing);
  if (refusal === null || refusal.details.rateLimit !== undefined) return refusal;
  const { code, message, details } = refusal;
  return new AppError(code, message, { details: { ...details, rateLimit: rateLimitOf(plan, standing) } });
}

/** What concerns the caller comes before what concerns everybody. */
function findReason(plan: AdmissionPlan, standing: Standing): AppError | null {
  const { rules } = standing;
  const { address } = plan;
  const ofAddress = findAllowance(standing, 'address');
  return (
    (address === null
      ? null
      : explainRate({
          limit: address.mintsPerMinute,
          allowance: ofAddress,
          policy: ADDRESS_POLICY,
          time: plan,
        })) ??
    explainSubject(plan, plan.user, {
      budget: userBudgetOf(rules),
      allowance: findAllowance(standing, 'user'),
    }) ??
    explainSubject(plan, plan.accessKey, {
      budget: rules.accessKeyBudget,
      allowance: findAllowance(standing, 'access_key'),
    }) ??
    explainBudget(plan, { budget: rules.project, allowance: findAllowance(standing, 'project') })
  );
}
