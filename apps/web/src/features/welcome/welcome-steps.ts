import { parseDollars, toDollarText } from '../../ui/dollars.ts';
import { RANGES } from '../budgets/limit-form.ts';
import type { BudgetInput, BudgetList } from '../budgets/limit-types.ts';

export const STEPS = ['key', 'origins', 'limits', 'talk'] as const;
export type WelcomeStep = (typeof STEPS)[number];

/** The step that an address names; the first one for all else. */
export function parseStep(value: unknown): WelcomeStep {
  return STEPS.find((step) => step === value) ?? 'key';
}

export function stepAfter(step: WelcomeStep): WelcomeStep | null {
  return STEPS[STEPS.indexOf(step) + 1] ?? null;
}

export function stepBefore(step: WelcomeStep): WelcomeStep | null {
  return STEPS[STEPS.indexOf(step) - 1] ?? null;
}

/** As a browser sends it; plain `http` only for this very machine. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.origin !== text) return false;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
}

/** One or several, separated by commas, as the server's variable takes them; null where one of them is none. */
export function parseOrigins(text: string): string | null {
  const origins = text.split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  return origins.every(isOrigin) ? [...new Set(origins)].join(',') : null;
}

export type LimitsForm = { readonly amount: string; readonly minutes: string };
export type LimitsField = keyof LimitsForm;

const SUGGESTED: LimitsForm = { amount: '10', minutes: '15' };
const MINUTE_SECONDS = 60;

function findDefaultBudget(list: BudgetList): BudgetList['items'][number] | null {
  return list.items.find(({ scope }) => scope === 'default_user') ?? null;
}

/** What holds already, or what we suggest. */
export function toLimitsForm(list: BudgetList): LimitsForm {
  const budget = findDefaultBudget(list);
  const { value, isOwn } = list.limits.maxSessionSeconds;
  return {
    amount: budget === null ? SUGGESTED.amount : toDollarText(budget.limitMicroUsd),
    minutes: isOwn ? String(value / MINUTE_SECONDS) : SUGGESTED.minutes,
  };
}

function toSeconds(minutes: string): number | null {
  const seconds =
    minutes.trim() === '' ? Number.NaN : Math.round(Number(minutes.replace(',', '.')) * MINUTE_SECONDS);
  const [least, most] = RANGES.maxSessionSeconds;
  return seconds >= least && seconds <= most ? seconds : null;
}

/** The first field that cannot be sent. */
export function findLimitsProblem({ amount, minutes }: LimitsForm): LimitsField | null {
  const microUsd = parseDollars(amount);
  if (microUsd === null || microUsd === 0) return 'amount';
  return toSeconds(minutes) === null ? 'minutes' : null;
}

/** Only for a form without a problem. A budget that is there keeps its period, its zone and what it does. */
export function toLimitsInput(
  form: LimitsForm,
  list: BudgetList,
  zone: string,
): { budget: BudgetInput; maxSessionSeconds: number } {
  const { period = 'daily', timeZone = zone, action = 'block' } = findDefaultBudget(list) ?? {};
  const limitMicroUsd = parseDollars(form.amount) ?? 0;
  return {
    budget: { scope: 'default_user', subject: '', limitMicroUsd, period, timeZone, action },
    maxSessionSeconds: toSeconds(form.minutes) ?? 0,
  };
}
