import { addDays, parseDay, startOfDay } from '../../i18n/calendar-day.ts';
import { AUDIT_RESULTS } from './audit-types.ts';
import type { AuditInput, AuditResult } from './audit-types.ts';

/** `from` and `to` are the first and the last day, by the reader's own calendar. */
export type AuditFilter = {
  actor: string | null;
  action: string | null;
  target: string | null;
  result: AuditResult | null;
  from: string | null;
  to: string | null;
};

export type AuditSearch = Partial<Record<keyof AuditFilter | 'cursor' | 'entry', string>>;

type Search = Readonly<Partial<Record<keyof AuditSearch, string | string[] | undefined>>>;

export const NO_FILTER: AuditFilter = {
  actor: null,
  action: null,
  target: null,
  result: null,
  from: null,
  to: null,
};

const MAX_ID_LENGTH = 256;
const ACTION = /^[a-z_]{1,40}\.[a-z_]{1,40}$/;

function parseId(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const id = value.trim();
  return id === '' || id.length > MAX_ID_LENGTH ? null : id;
}

/** The filter of an address. What the server would refuse is no filter. */
export function parseAuditFilter(search: Search): AuditFilter {
  const action = parseId(search.action);
  return {
    actor: parseId(search.actor),
    action: action !== null && ACTION.test(action) ? action : null,
    target: parseId(search.target),
    result: AUDIT_RESULTS.find((result) => result === search.result) ?? null,
    from: parseDay(search.from),
    to: parseDay(search.to),
  };
}

export function isFiltered(filter: AuditFilter): boolean {
  return Object.values(filter).some((part) => part !== null);
}

/** What is asked of the server: days become the moments at which they begin and end. */
export function toAuditInput({ from, to, ...filter }: AuditFilter): AuditInput {
  const input = {
    ...filter,
    from: from === null ? null : startOfDay(from, 'local').toISOString(),
    to: to === null ? null : startOfDay(addDays(to, 1), 'local').toISOString(),
  };
  return Object.fromEntries(Object.entries(input).filter(([, part]) => part !== null));
}

/** The number of the entry that is open in the drawer. */
export function parseEntrySeq(value: unknown): number | null {
  if (typeof value !== 'string' || !/^[1-9]\d{0,14}$/.test(value)) return null;
  return Number(value);
}
