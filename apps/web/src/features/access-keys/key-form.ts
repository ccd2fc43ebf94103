import type { KeyMessage } from './key-text.ts';
import type { CreateInput, KeyEnvironment, KeySummary } from './key-types.ts';

export const EXPIRIES = ['30', '90', 'never', 'date'] as const;
export type ExpiryChoice = (typeof EXPIRIES)[number];

export const LIMITS = ['mintsPerMinute', 'maxOpenSessions', 'maxTtlSeconds', 'maxSessionSeconds'] as const;
export type LimitName = (typeof LIMITS)[number];

/** A key as it is being typed. Empty: what the server sets for all keys. */
export type KeyForm = Readonly<Record<LimitName, string>> & {
  readonly name: string;
  readonly environment: KeyEnvironment;
  readonly scopes: readonly string[];
  readonly expiry: ExpiryChoice;
  /** `2026-12-31`: the last day on which it is accepted, by the reader's calendar. */
  readonly date: string;
  readonly models: readonly string[];
  readonly origins: string;
};

export type FormField = LimitName | 'name' | 'scopes' | 'expiresAt' | 'allowedModels' | 'allowedOrigins';

export type FormProblem = { field: FormField; message: KeyMessage };

type Scope = CreateInput['scopes'][number];

/** All that can be set on a key, in the API's words. */
export type KeySettings = Pick<CreateInput, 'name' | 'scopes'> & {
  allowedModels: string[] | null;
  allowedOrigins: string[] | null;
  expiresAt: string | null;
} & Record<LimitName, number | null>;

const DAY_MS = 86_400_000;

export const NEW_KEY: KeyForm = {
  name: '',
  environment: 'live',
  scopes: ['tokens:mint', 'models:read', 'sessions:report'],
  expiry: '90',
  date: '',
  models: [],
  origins: '',
  mintsPerMinute: '',
  maxOpenSessions: '',
  maxTtlSeconds: '',
  maxSessionSeconds: '',
};

function toText(value: number | null): string {
  return value === null ? '' : String(value);
}

/** `2026-12-31` of a moment, by the reader's calendar. */
export function toDay(at: Date): string {
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${at.getFullYear()}-${month}-${day}`;
}

export function toForm(key: KeySummary): KeyForm {
  return {
    name: key.name,
    environment: key.environment,
    scopes: key.scopes,
    expiry: key.expiresAt === null ? 'never' : 'date',
    date: key.expiresAt === null ? '' : toDay(new Date(key.expiresAt)),
    models: key.allowedModels ?? [],
    origins: key.allowedOrigins?.join('\n') ?? '',
    mintsPerMinute: toText(key.mintsPerMinute),
    maxOpenSessions: toText(key.maxOpenSessions),
    maxTtlSeconds: toText(key.maxTtlSeconds),
    maxSessionSeconds: toText(key.maxSessionSeconds),
  };
}

/** When the key ends; null: never. NaN for a day that is none. */
function findEnd(form: KeyForm, now: number): number | null {
  if (form.expiry === 'never') return null;
  return form.expiry === 'date'
    ? new Date(`${form.date}T23:59:59`).getTime()
    : now + Number(form.expiry) * DAY_MS;
}

/** One a line or separated by commas; a slash at the end is what people copy from the address bar. */
export function parseOrigins(text: string): string[] {
  const parts = text.split(/[\s,]+/u).map((part) => part.replace(/\/$/, ''));
  return [...new Set(parts.filter((part) => part !== ''))];
}

const RANGES: Readonly<Record<LimitName, readonly [number, number]>> = {
  mintsPerMinute: [1, 1_000_000],
  maxOpenSessions: [1, 1_000_000],
  maxTtlSeconds: [10, 7_200],
  maxSessionSeconds: [1, 3_600],
};

function isLimit(text: string, name: LimitName): boolean {
  if (text.trim() === '') return true;
  const value = Number(text);
  const [least, most] = RANGES[name];
  return Number.isInteger(value) && value >= least && value <= most;
}

function findExpiryProblem(form: KeyForm, now: number): FormProblem | null {
  const end = findEnd(form, now);
  if (end === null || end > now) return null;
  return { field: 'expiresAt', message: form.date === '' ? 'missing.date' : 'wrong.expiresAt' };
}

/** The first field that cannot be sent; models and origins are the server's to judge. */
export function findFormProblem(form: KeyForm, now: number): FormProblem | null {
  if (form.name.trim() === '') return { field: 'name', message: 'missing.name' };
  if (form.scopes.length === 0) return { field: 'scopes', message: 'missing.scopes' };
  const expiry = findExpiryProblem(form, now);
  if (expiry !== null) return expiry;
  const limit = LIMITS.find((name) => !isLimit(form[name], name));
  return limit === undefined ? null : { field: limit, message: `wrong.${limit}` };
}

function toLimit(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

function toList(values: readonly string[]): string[] | null {
  return values.length === 0 ? null : [...values];
}

/** Only for a form without a problem. */
export function toSettings(form: KeyForm, now: number): KeySettings {
  const end = findEnd(form, now);
  return {
    name: form.name.trim(),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the choices come from the server's own list, which it checks again
    scopes: form.scopes as Scope[],
    allowedModels: toList(form.models),
    allowedOrigins: toList(parseOrigins(form.origins)),
    expiresAt: end === null ? null : new Date(end).toISOString(),
    mintsPerMinute: toLimit(form.mintsPerMinute),
    maxOpenSessions: toLimit(form.maxOpenSessions),
    maxTtlSeconds: toLimit(form.maxTtlSeconds),
    maxSessionSeconds: toLimit(form.maxSessionSeconds),
  };
}

/** What an edit sends: two people who change different things of a key do not undo each other's. */
export function findChanges(before: KeyForm, after: KeyForm, now: number): Partial<KeySettings> {
  const [old, next] = [toSettings(before, now), toSettings(after, now)];
  const changed = Object.entries(next).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(old, name)),
  );
  return Object.fromEntries(changed);
}

/** How many of the folded settings are set. */
export function countRestrictions(form: KeyForm): number {
  const limits = LIMITS.filter((name) => form[name].trim() !== '').length;
  return limits + Number(form.models.length > 0) + Number(parseOrigins(form.origins).length > 0);
}

export const FOLDED: ReadonlySet<FormField> = new Set([...LIMITS, 'allowedModels', 'allowedOrigins']);

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const FIELDS: readonly FormField[] = [
  'name',
  'scopes',
  'expiresAt',
  'allowedModels',
  'allowedOrigins',
  ...LIMITS,
];

/** The field that the server refused, when it is one of the form's. */
export function findRefusedField(error: unknown): FormProblem | null {
  const data = readField(error, 'data');
  const param = readField(readField(data, 'details'), 'param');
  if (typeof param !== 'string') return null;
  const field = FIELDS.find((name) => param === name || param.startsWith(`${name}.`));
  return field === undefined ? null : { field, message: `wrong.${field}` };
}
