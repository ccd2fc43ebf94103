import { parseDollars, toDollarText } from '../../ui/dollars.ts';
import type { LimitMessage } from './limit-text.ts';
import { BUDGET_SCOPES } from './limit-types.ts';
import type { BudgetAction, BudgetInput, BudgetPeriod, BudgetScope, BudgetUse } from './limit-types.ts';

export type BudgetForm = {
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly amount: string;
  readonly period: BudgetPeriod;
  readonly zone: string;
  readonly action: BudgetAction;
};

export type BudgetField = 'subject' | 'amount' | 'zone';
export type BudgetProblem = { field: BudgetField; message: LimitMessage };

/** For whom a budget is set, and what holds for them now. */
export type BudgetTarget = {
  scope: BudgetScope;
  subject: string;
  /** How they are called; null for one that is still to be chosen. */
  name: string | null;
  current: Pick<BudgetUse, 'limitMicroUsd' | 'period' | 'timeZone' | 'action'> | null;
};

export function parseBudgetScope(value: unknown): BudgetScope | null {
  return BUDGET_SCOPES.find((scope) => scope === value) ?? null;
}

/** Only a budget of one user or one key names whose it is. */
export function hasSubject(scope: BudgetScope): scope is 'user' | 'access_key' {
  return scope === 'user' || scope === 'access_key';
}

export function toForm(target: BudgetTarget): BudgetForm {
  const { scope, subject, current } = target;
  return {
    scope,
    subject,
    amount: current === null ? '' : toDollarText(current.limitMicroUsd),
    period: current?.period ?? 'monthly',
    zone: current?.timeZone ?? 'UTC',
    action: current?.action ?? 'block',
  };
}

function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The first field that cannot be sent. */
export function findBudgetProblem(form: BudgetForm): BudgetProblem | null {
  if (hasSubject(form.scope) && form.subject.trim() === '')
    return { field: 'subject', message: form.scope === 'user' ? 'wrong.user' : 'wrong.accessKey' };
  const amount = parseDollars(form.amount);
  if (amount === null) return { field: 'amount', message: 'wrong.amount' };
  return isTimeZone(form.zone.trim()) ? null : { field: 'zone', message: 'wrong.zone' };
}

/** Only for a form without a problem. */
export function toBudgetInput(form: BudgetForm): BudgetInput {
  return {
    scope: form.scope,
    subject: hasSubject(form.scope) ? form.subject.trim() : '',
    limitMicroUsd: parseDollars(form.amount) ?? 0,
    period: form.period,
    timeZone: form.zone.trim(),
    action: form.action,
  };
}

/** UTC and the reader's own zone first: almost always it is one of these. */
export function listZones(): string[] {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(['UTC', own, ...Intl.supportedValuesOf('timeZone')])];
}
