import type { SqlValue, Statement } from '@ephemera/db';

import { PERIOD_SKEW_MS } from './budget-use.ts';
import { LIMITS_SETTING } from './limits.ts';

/** How long the provider may be asked; whoever died meanwhile gives back after it. */
export const ADMITTED_MS = 60_000;

/** What one subject may have, by its number in the tables below. */
export type SubjectRoom = {
  subject: string;
  mintsPerMinute: number;
  maxOpenSessions: number;
  /** Of the budget that applies, or of the months that money is counted over without one. */
  periodStartMs: number;
  /** Null: no budget, or one that only warns. */
  budgetMicroUsd: number | null;
};

/** A mint as it asks for room. */
export type AdmissionPlan = {
  sessionId: string;
  requestId: string;
  nowMs: number;
  /** The earliest moment at which a window that is running now may have begun. */
  windowSinceMs: number;
  /** Whose session it is, and how people call them. */
  ownerId: string;
  ownerName: string | null;
  kind: string;
  model: string;
  voice: string | null;
  reservedMicroUsd: number;
  limitSeconds: number;
  /** Null where an access key mints for itself: then the key's own limits are the owner's. */
  user: SubjectRoom | null;
  accessKey: SubjectRoom | null;
  address: { subject: string; mintsPerMinute: number } | null;
  project: Pick<SubjectRoom, 'periodStartMs' | 'budgetMicroUsd'>;
  /** Which state of the rules all this follows from. */
  versions: {
    settings: number;
    project: number;
    defaultUser: number;
    policy: number;
    userBudget: number;
    accessKeyBudget: number;
  };
};

const NOW = '?8';
const RESERVED = '?10';

const WINDOW_SINCE = '?23';

const IS_WINDOW_RUNNING = (since: string, now: string): string => `window_start between ${since} and ${now}`;

const OVER_RATE = (limit: string): string =>
  `(${IS_WINDOW_RUNNING(WINDOW_SINCE, NOW)} and window_count >= ${limit})`;

const OVER_BUDGET = (period: string, limit: string): string =>
  `iif(period_start between ${period} and ${NOW} + ${PERIOD_SKEW_MS}, spent_micro_usd, 0)
    + reserved_micro_usd + ${RESERVED} > ${limit}`;

const HAS_ROOM = (kind: string, subject: string, isOver: string): string =>
  `not exists (select 1 from allowances where kind = '${kind}' and subject = ${subject} and (${isOver}))`;

/** Who has used nothing yet has no row: then the session alone must fit. */
const FITS = (limit: string): string => `coalesce(${RESERVED} <= ${limit}, 1)`;

const IS_VERSION = (table: string, where: string, version: string): string =>
  `coalesce((select updated_at from ${table} where ${where}), 0) = ${version}`;

const IS_BUDGET = (scope: string, subject: string, version: string): string =>
  IS_VERSION('budgets', `scope = '${scope}' and subject = ${subject}`, version);

const WINDOW_OF = (kind: string, subject: string): string =>
  `(select window_start || ' ' || window_count from allowances where kind = '${kind}' and subject = ${subject})`;

const DEPLOYMENT_RULES = [
  HAS_ROOM('project', "''", OVER_BUDGET('?16', '?17')),
  FITS('?17'),
  IS_VERSION('settings', `name = '${LIMITS_SETTING}'`, '?18'),
  IS_BUDGET('project', "''", '?19'),
  IS_BUDGET('default_user', "''", '?20'),
];
const USER_RULES = [
  HAS_ROOM('user', '?2', `${OVER_RATE('?12')} or open_sessions >= ?13 or ${OVER_BUDGET('?14', '?15')}`),
  FITS('?15'),
  IS_VERSION('user_policies', 'user_id = ?2', '?21'),
  IS_BUDGET('user', '?2', '?22'),
];
const ADDRESS_RULES = [HAS_ROOM('address', '?24', OVER_RATE('?25'))];
const ACCESS_KEY_RULES = [
  HAS_ROOM('access_key', '?9', `${OVER_RATE('?26')} or open_sessions >= ?27 or ${OVER_BUDGET('?28', '?29')}`),
  FITS('?29'),
  IS_BUDGET('access_key', '?9', '?30'),
];

type Shape = { hasUser: boolean; hasAddress: boolean; hasAccessKey: boolean; wantsWindow: boolean };

/** The row, if there is room for it everywhere and nothing has changed that the plan was made from. */
function writeInsertSql({ hasUser, hasAddress, hasAccessKey, wantsWindow }: Shape): string {
  const window = hasAccessKey ? WINDOW_OF('access_key', '?9') : WINDOW_OF('user', '?2');
  const rules = [
    ...(hasAddress ? ADDRESS_RULES : []),
    ...(hasUser ? USER_RULES : []),
    ...(hasAccessKey ? ACCESS_KEY_RULES : []),
    ...DEPLOYMENT_RULES,
  ];
  return `insert into sessions (id, user_id, user_name, state, kind, model, voice, request_id, issued_at,
      access_key_id, reserved_micro_usd, deadline_at, limit_seconds)
    select ?1, ?2, ?3, 'admitted', ?4, ?5, ?6, ?7, ${NOW}, ?9, ${RESERVED}, ${NOW} + ${ADMITTED_MS}, ?11
    where ${rules.join('\n and ')}${wantsWindow ? `\n returning ${window} as window` : ''}`;
}

/** What the row takes, of all that apply, if it was inserted. */
function writeTakeSql({ hasUser, hasAddress, hasAccessKey }: Shape): string {
  const takers = [
    "('project', '', null, 1, ?3, ?2)",
    ...(hasUser ? ["('user', ?5, ?6, 1, ?7, ?2)"] : []),
    ...(hasAddress ? ["('address', ?8, null, 0, 0, 0)"] : []),
    ...(hasAccessKey ? ["('access_key', ?9, null, 1, ?10, ?2)"] : []),
  ];
  const isRunning = IS_WINDOW_RUNNING('?4', '?1');
  const isPeriod = `period_start between excluded.period_start and ?1 + ${PERIOD_SKEW_MS}`;
  return `insert into allowances (kind, subject, name, window_start, window_count, open_sessions, period_start,
      reserved_micro_usd, session_count, first_seen_at, last_seen_at)
    select column1, column2, column3, ?1, 1, column4, column5, column6, column4, ?1, ?1
      from (values ${takers.join(', ')}) where changes() = 1
    on conflict (kind, subject) do update set
      name = coalesce(excluded.name, name),
      window_start = iif(${isRunning}, window_start, ?1),
      window_count = iif(${isRunning}, window_count + 1, 1),
      open_sessions = open_sessions + excluded.open_sessions,
      spent_micro_usd = iif(${isPeriod}, spent_micro_usd, 0),
      period_start = iif(${isPeriod}, period_start, excluded.period_start),
      reserved_micro_usd = reserved_micro_usd + excluded.reserved_micro_usd,
      session_count = session_count + excluded.session_count,
      last_seen_at = max(last_seen_at, ?1)`;
}

type Sql = { insert: string; take: string };

function listShapes(): Sql[] {
  return Array.from({ length: 16 }, (_, index) => {
    const shape = {
      hasUser: (index & 1) > 0,
      hasAddress: (index & 2) > 0,
      hasAccessKey: (index & 4) > 0,
      wantsWindow: (index & 8) > 0,
    };
    return { insert: writeInsertSql(shape), take: writeTakeSql(shape) };
  });
}

/** Written once: the database keeps what it has prepared by its text. */
const SQL: readonly Sql[] = listShapes();

const NO_ROOM_ARGS: readonly SqlValue[] = [null, null, null, null];

function roomArgs(room: SubjectRoom | null): readonly SqlValue[] {
  if (room === null) return NO_ROOM_ARGS;
  return [room.mintsPerMinute, room.maxOpenSessions, room.periodStartMs, room.budgetMicroUsd];
}

function addressArgs({ address }: AdmissionPlan): readonly SqlValue[] {
  return address === null ? [null, null] : [address.subject, address.mintsPerMinute];
}

/** As many as the statement has places: who is not there stands at the end. */
function insertArgs(plan: AdmissionPlan): SqlValue[] {
  const { project, versions, accessKey } = plan;
  const args: SqlValue[] = [
    plan.sessionId,
    plan.ownerId,
    plan.ownerName,
    plan.kind,
    plan.model,
    plan.voice,
    plan.requestId,
    plan.nowMs,
    accessKey === null ? null : accessKey.subject,
    plan.reservedMicroUsd,
    plan.limitSeconds,
    ...roomArgs(plan.user),
    project.periodStartMs,
    project.budgetMicroUsd,
    versions.settings,
    versions.project,
    versions.defaultUser,
    versions.policy,
    versions.userBudget,
    plan.windowSinceMs,
  ];
  if (accessKey !== null) {
    args.push(...addressArgs(plan), ...roomArgs(accessKey), versions.accessKeyBudget);
  } else if (plan.address !== null) args.push(...addressArgs(plan));
  return args;
}

function takeArgs(plan: AdmissionPlan): SqlValue[] {
  const { user, address, accessKey } = plan;
  const ofUser: SqlValue[] =
    user === null ? [null, null, null] : [user.subject, plan.ownerName, user.periodStartMs];
  const args: SqlValue[] = [
    plan.nowMs,
    plan.reservedMicroUsd,
    plan.project.periodStartMs,
    plan.windowSinceMs,
    ...ofUser,
  ];
  if (accessKey !== null) {
    args.push(address === null ? null : address.subject, accessKey.subject, accessKey.periodStartMs);
  } else if (address !== null) args.push(address.subject);
  return args;
}

/**
 * One unit: the session's row where there is room in all that applies, and then what it takes of them; else nothing at
 * all, which is no error and so takes no other mint's unit along. The transaction has the database to itself from its
 * beginning, so what the first statement sees still holds in the second. `wantsWindow`: the first one answers the
 * caller's window as it was before, which costs as much again as all the rest of it.
 */
export function admissionUnit(plan: AdmissionPlan, wantsWindow: boolean): readonly [Statement, Statement] {
  const { user, address, accessKey } = plan;
  const shape =
    (user === null ? 0 : 1) +
    (address === null ? 0 : 2) +
    (accessKey === null ? 0 : 4) +
    (wantsWindow ? 8 : 0);
  const sql = SQL[shape];
  if (sql === undefined) throw new RangeError('There is no such shape of an admission.');
  return [
    { sql: sql.insert, args: insertArgs(plan) },
    { sql: sql.take, args: takeArgs(plan) },
  ];
}
