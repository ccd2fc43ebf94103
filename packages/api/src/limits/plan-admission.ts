import type { AccessKeyActor } from '../context.ts';
import { AppError } from '../errors.ts';
import type { AdmissionPlan, SubjectRoom } from './admission-statements.ts';
import type { Budget, DeploymentLimits, Limits, Rules } from './limits.ts';
import { DEFAULT_PERIOD, userBudgetOf, withOwnLimits } from './limits.ts';
import { runningPeriod } from './period.ts';

export type NamedModel = { id: string; param: string };

/** A mint before anybody has looked at what its caller may. */
export type AdmissionRequest = {
  sessionId: string;
  requestId: string;
  nowMs: number;
  windowSinceMs: number;
  ownerId: string;
  ownerName: string | null;
  accessKey: AccessKeyActor | null;
  address: string | null;
  kind: string;
  model: string;
  /** Every model that the session names, the one above among them, and in which field. */
  models: readonly NamedModel[];
  voice: string | null;
  /** At most what a session of this length costs; null where the model has no price. */
  worstCaseMicroUsd: (seconds: number) => number | null;
};

export type Planned =
  | { ok: true; plan: AdmissionPlan; maxTtlSeconds: number }
  /** What the rules alone forbid, whatever has been used up. */
  | { ok: false; error: AppError };

/** A key that mints for itself is its own user; its limits are then all there is. */
function hasUser({ ownerId, accessKey }: AdmissionRequest): boolean {
  return accessKey === null || ownerId !== accessKey.id;
}

function periodStartOf(budget: Budget | null, nowMs: number): number {
  const { period, timeZone } = budget ?? DEFAULT_PERIOD;
  return runningPeriod(period, timeZone, nowMs).startMs;
}

function blockingLimit(budget: Budget | null): number | null {
  return budget?.action === 'block' ? budget.limitMicroUsd : null;
}

type Level = { limits: Limits; userLimits: Limits; keyLimits: Limits | null };

function over(base: Limits, own: Partial<Record<keyof Limits, number | null | undefined>>): Limits {
  return {
    mintsPerMinute: own.mintsPerMinute ?? base.mintsPerMinute,
    maxOpenSessions: own.maxOpenSessions ?? base.maxOpenSessions,
    maxTtlSeconds: own.maxTtlSeconds ?? base.maxTtlSeconds,
    maxSessionSeconds: own.maxSessionSeconds ?? base.maxSessionSeconds,
  };
}

function readLevels(request: AdmissionRequest, rules: Rules, limits: DeploymentLimits): Level {
  const userLimits = over(limits, rules.user.policy ?? {});
  const keyLimits = request.accessKey === null ? null : over(limits, request.accessKey);
  return { limits, userLimits, keyLimits };
}

/** The strictest of all that apply. */
function strictest(name: keyof Limits, request: AdmissionRequest, { userLimits, keyLimits }: Level): number {
  const values = [
    ...(hasUser(request) ? [userLimits[name]] : []),
    ...(keyLimits === null ? [] : [keyLimits[name]]),
  ];
  return Math.min(...values);
}

function findRefusal(request: AdmissionRequest, rules: Rules): AppError | null {
  const { policy } = rules.user;
  if (hasUser(request) && policy !== null && policy.blockedAtMs !== null) {
    return new AppError('user_blocked', 'This user is blocked here.');
  }
  const lists = [hasUser(request) ? policy?.allowedModels : null, request.accessKey?.allowedModels];
  for (const allowed of lists) {
    if (allowed === null || allowed === undefined) continue;
    const refused = request.models.find(({ id }) => !allowed.includes(id));
    if (refused === undefined) continue;
    const names = allowed.length === 0 ? 'none' : allowed.join(', ');
    return new AppError(
      'model_not_allowed',
      `The model "${refused.id}" is not allowed here; allowed: ${names}.`,
      { details: { param: refused.param } },
    );
  }
  return null;
}

function listBudgets(request: AdmissionRequest, rules: Rules): (Budget | null)[] {
  return [
    rules.project,
    hasUser(request) ? userBudgetOf(rules) : null,
    request.accessKey === null ? null : rules.accessKeyBudget,
  ];
}

type RoomInput = { subject: string; limits: Limits; budget: Budget | null; nowMs: number };

function toRoom({ subject, limits, budget, nowMs }: RoomInput): SubjectRoom {
  return {
    subject,
    mintsPerMinute: limits.mintsPerMinute,
    maxOpenSessions: limits.maxOpenSessions,
    periodStartMs: periodStartOf(budget, nowMs),
    budgetMicroUsd: blockingLimit(budget),
  };
}

function versionsOf({
  settings,
  project,
  defaultUser,
  user,
  accessKeyBudget,
}: Rules): AdmissionPlan['versions'] {
  return {
    settings: settings.version,
    project: project?.version ?? 0,
    defaultUser: defaultUser?.version ?? 0,
    policy: user.policy?.version ?? 0,
    userBudget: user.budget?.version ?? 0,
    accessKeyBudget: accessKeyBudget?.version ?? 0,
  };
}

const VERSION_NAMES = [
  'settings',
  'project',
  'defaultUser',
  'policy',
  'userBudget',
  'accessKeyBudget',
] as const satisfies readonly (keyof AdmissionPlan['versions'])[];

/** Whether the plan was made from rules that have changed since. */
export function isOutdated({ versions }: AdmissionPlan, rules: Rules): boolean {
  const current = versionsOf(rules);
  return VERSION_NAMES.some((name) => versions[name] !== current[name]);
}

/** A budget cannot hold what nobody can price. */
function refuseUnpriced({ model, models }: AdmissionRequest): AppError {
  const param = models.find(({ id }) => id === model)?.param;
  return new AppError(
    'model_not_allowed',
    `The model "${model}" has no price, and a budget applies here: choose a model with a price.`,
    { details: param === undefined ? {} : { param } },
  );
}

/** Which room a mint needs by these rules, or why it may not be. */
export function planAdmission(
  request: AdmissionRequest,
  rules: Rules,
  environment: DeploymentLimits,
): Planned {
  const refusal = findRefusal(request, rules);
  if (refusal !== null) return { ok: false, error: refusal };
  const { nowMs, accessKey, address, ownerId } = request;
  const deployment = withOwnLimits(environment, rules.settings.own);
  const level = readLevels(request, rules, deployment);
  const limitSeconds = strictest('maxSessionSeconds', request, level);
  const worstCase = request.worstCaseMicroUsd(limitSeconds);
  const isBudgeted = listBudgets(request, rules).some((budget) => blockingLimit(budget) !== null);
  if (worstCase === null && isBudgeted) return { ok: false, error: refuseUnpriced(request) };
  const plan: AdmissionPlan = {
    sessionId: request.sessionId,
    requestId: request.requestId,
    nowMs,
    windowSinceMs: request.windowSinceMs,
    ownerId,
    ownerName: request.ownerName,
    kind: request.kind,
    model: request.model,
    voice: request.voice,
    reservedMicroUsd: worstCase ?? 0,
    limitSeconds,
    user: hasUser(request)
      ? toRoom({ subject: ownerId, limits: level.userLimits, budget: userBudgetOf(rules), nowMs })
      : null,
    accessKey:
      accessKey === null || level.keyLimits === null
        ? null
        : toRoom({ subject: accessKey.id, limits: level.keyLimits, budget: rules.accessKeyBudget, nowMs }),
    address:
      address === null ? null : { subject: address, mintsPerMinute: deployment.mintsPerMinutePerAddress },
    project: {
      periodStartMs: periodStartOf(rules.project, nowMs),
      budgetMicroUsd: blockingLimit(rules.project),
    },
    versions: versionsOf(rules),
  };
  return { ok: true, plan, maxTtlSeconds: strictest('maxTtlSeconds', request, level) };
}
