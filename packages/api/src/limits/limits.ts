import type { BudgetPeriod } from './period.ts';

/** Counts that hold for one caller. */
export type Limits = {
  mintsPerMinute: number;
  maxOpenSessions: number;
  /** Of a client secret. */
  maxTtlSeconds: number;
  /** Of a conversation. */
  maxSessionSeconds: number;
};

/** What the environment says; an operator's settings go before it. */
export type DeploymentLimits = Limits & { mintsPerMinutePerAddress: number };

export const LIMIT_NAMES = [
  'mintsPerMinute',
  'maxOpenSessions',
  'maxTtlSeconds',
  'maxSessionSeconds',
] as const satisfies readonly (keyof Limits)[];

export const DEPLOYMENT_LIMIT_NAMES = [
  ...LIMIT_NAMES,
  'mintsPerMinutePerAddress',
] as const satisfies readonly (keyof DeploymentLimits)[];

/** Null or missing: what the level above says. */
export type OwnLimits = { [Name in keyof DeploymentLimits]?: number | null | undefined };

/** Names of settings, as stored in the table `settings`. */
export const LIMITS_SETTING = 'limits';

export type BudgetScope = 'project' | 'default_user' | 'user' | 'access_key';
export type AllowanceKind = 'project' | 'user' | 'access_key' | 'address';

export type Budget = {
  scope: BudgetScope;
  /** Empty for `project` and `default_user`. */
  subject: string;
  limitMicroUsd: number;
  period: BudgetPeriod;
  timeZone: string;
  /** `warn` lets through and says so. */
  action: 'block' | 'warn';
  /** Unix milliseconds of its last change, which tells one state of the row from another. */
  version: number;
};

/** What an operator has set for one user. */
export type UserPolicy = Pick<OwnLimits, keyof Limits> & {
  allowedModels: readonly string[] | null;
  blockedAtMs: number | null;
  version: number;
};

export type LimitSettings = { own: OwnLimits; version: number };

/** Everything that is set for one mint's caller, whoever set it. */
export type Rules = {
  settings: LimitSettings;
  project: Budget | null;
  defaultUser: Budget | null;
  user: { policy: UserPolicy | null; budget: Budget | null };
  accessKeyBudget: Budget | null;
};

/** Without a budget money is still counted, over months in UTC. */
export const DEFAULT_PERIOD = { period: 'monthly', timeZone: 'UTC' } as const;

/** What holds for the deployment once the operator's settings are laid over the environment's. */
export function withOwnLimits(base: DeploymentLimits, own: OwnLimits): DeploymentLimits {
  return {
    mintsPerMinute: own.mintsPerMinute ?? base.mintsPerMinute,
    maxOpenSessions: own.maxOpenSessions ?? base.maxOpenSessions,
    maxTtlSeconds: own.maxTtlSeconds ?? base.maxTtlSeconds,
    maxSessionSeconds: own.maxSessionSeconds ?? base.maxSessionSeconds,
    mintsPerMinutePerAddress: own.mintsPerMinutePerAddress ?? base.mintsPerMinutePerAddress,
  };
}

/** The user's own budget, else the one for all users without one. */
export function userBudgetOf({ user, defaultUser }: Rules): Budget | null {
  return user.budget ?? defaultUser;
}
