import type { Statement } from '@ephemera/db';

import { sessionIdFloor } from '../ids.ts';
import type { AllowanceKind, Budget } from './limits.ts';
import { DEFAULT_PERIOD } from './limits.ts';
import { periodOf } from './period.ts';

/** Ids begin with their time, so each of these reads along an index. */
const OWN: Readonly<Record<Exclude<AllowanceKind, 'address'>, string>> = {
  project: '1',
  user: 'sessions.user_id = allowances.subject',
  access_key: 'sessions.access_key_id = allowances.subject',
};

const sumOf = (kind: keyof typeof OWN): string => `coalesce((select sum(cost_micro_usd) from sessions
    where ${OWN[kind]} and sessions.id >= ?2 and sessions.issued_at >= ?1 and deadline_at is null
      and is_demo = 0), 0)`;

const writeSql = (kind: keyof typeof OWN, which: string): string =>
  `update allowances set period_start = ?1, spent_micro_usd = ${sumOf(kind)} where kind = '${kind}' and ${which}`;

const PROJECT_SQL = writeSql('project', "subject = ''");
const USER_SQL = writeSql('user', 'subject = ?3');
const ACCESS_KEY_SQL = writeSql('access_key', 'subject = ?3');
/** All who have no budget of their own. */
const DEFAULT_USER_SQL = writeSql(
  'user',
  "not exists (select 1 from budgets where scope = 'user' and budgets.subject = allowances.subject)",
);

type Target = Pick<Budget, 'scope' | 'subject'>;
type Calendar = Pick<Budget, 'period' | 'timeZone'>;

/** Adds up anew, from the rows, what was spent in the running period of a budget that has just been set or removed. */
export function recomputeSpending(
  { scope, subject }: Target,
  calendar: Calendar | null,
  nowMs: number,
): Statement {
  const { period, timeZone } = calendar ?? DEFAULT_PERIOD;
  const { startMs } = periodOf(period, timeZone, nowMs);
  const args = [startMs, sessionIdFloor(startMs)];
  if (scope === 'project') return { sql: PROJECT_SQL, args };
  if (scope === 'default_user') return { sql: DEFAULT_USER_SQL, args };
  return { sql: scope === 'user' ? USER_SQL : ACCESS_KEY_SQL, args: [...args, subject] };
}
