import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { toBudgetUse } from '../../limits/budget-use.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import { isTimeZone, periodOf } from '../../limits/period.ts';
import { readStanding } from '../../limits/read-standing.ts';
import { countKeyStates } from '../provider-keys/count-states.ts';
import { sumHours } from '../usage/read-hours.ts';
import { listAttention } from './attention.ts';
import type { Attention } from './attention.ts';
import { countMints } from './count-mints.ts';
import type { MintHour } from './count-mints.ts';
import { countRefusals } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import { listRecentErrors, sampleMintTimes } from './mint-figures.ts';
import type { RecentError } from './mint-figures.ts';

export type Overview = {
  openSessions: number;
  mints24h: number;
  failed24h: number;
  /** By a limit, a budget or a right, before a provider was asked. */
  refused24h: number;
  isRefusedAtLeast: boolean;
  mintP50Ms: number | null;
  mintP95Ms: number | null;
  /** Of sessions that began today, on the calendar that was asked for, and are over. */
  spentTodayMicroUsd: number;
  unknownCosts24h: number;
  budget: BudgetUse | null;
  keysHealthy: number;
  keysTotal: number;
  hours: (MintHour & { refused: number })[];
  attention: Attention[];
  recentErrors: RecentError[];
  refusals: Refusal[];
  /** The first steps of a new deployment; the demo's past does not count. */
  steps: { hasKey: boolean; hasMint: boolean; hasCall: boolean };
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MAX_OPEN = 10_000;
/** Of those that are over, how many are looked through for one that was a call. */
const MAX_LOOKED_AT = 500;

const OPEN_SQL = `select count(*) as n from (select 1 from sessions
  where deadline_at > ?1 and state = 'connected' limit ${MAX_OPEN})`;
const STEPS_SQL = `select
  exists (select 1 from sessions where is_demo = 0 and state <> 'failed') as has_mint,
  exists (select 1 from sessions where state = 'connected' and is_demo = 0)
    or exists (select 1 from (select connected_at, is_demo from sessions
      where state = 'ended' and state not in ('admitted', 'issued') order by id desc limit ${MAX_LOOKED_AT})
      where connected_at is not null and is_demo = 0) as has_call`;

async function countOpen(ctx: ServiceContext): Promise<number> {
  const [row] = await ctx.database.read(OPEN_SQL, [ctx.clock.now()]);
  return Number(row?.['n'] ?? 0);
}

async function findBudget(ctx: ServiceContext): Promise<BudgetUse | null> {
  const nowMs = ctx.clock.now();
  const nobody = { userId: null, accessKeyId: null, address: null };
  const { rules, allowances } = await readStanding(ctx.database, nobody, nowMs);
  if (rules.project === null) return null;
  const project = allowances.find(({ kind }) => kind === 'project');
  return toBudgetUse(rules.project, project, nowMs);
}

async function findSteps(ctx: ServiceContext): Promise<Omit<Overview['steps'], 'hasKey'>> {
  const [row] = await ctx.database.read(STEPS_SQL);
  return { hasMint: row?.['has_mint'] === 1, hasCall: row?.['has_call'] === 1 };
}

function sumOf(hours: readonly MintHour[], name: 'issued' | 'failed'): number {
  return hours.reduce((sum, hour) => sum + hour[name], 0);
}

/** How the whole deployment does, now and over the last 24 hours. */
export async function getOverview(
  ctx: ServiceContext,
  { timeZone }: { timeZone: string },
): Promise<Overview> {
  requireScope(ctx, 'usage:read');
  if (!isTimeZone(timeZone)) {
    throw new AppError('invalid_request', 'This is no time zone.', { details: { param: 'timeZone' } });
  }
  const nowMs = ctx.clock.now();
  const toMs = nowMs + HOUR_MS;
  const today = await sumHours(ctx, { fromMs: periodOf('daily', timeZone, nowMs).startMs, toMs });
  const lastDay = await sumHours(ctx, { fromMs: nowMs - DAY_MS, toMs });
  const mints = await countMints(ctx);
  const refusals = await countRefusals(
    ctx,
    mints.map(({ start }) => Date.parse(start)),
  );
  const times = await sampleMintTimes(ctx);
  const { healthy, total } = await countKeyStates(ctx);
  const keys = { keysHealthy: healthy, keysTotal: total };
  const budget = await findBudget(ctx);
  const unknownCosts24h = lastDay.unknownCosts;
  return {
    openSessions: await countOpen(ctx),
    mints24h: sumOf(mints, 'issued'),
    failed24h: sumOf(mints, 'failed'),
    refused24h: refusals.byHour.reduce((sum, count) => sum + count, 0),
    isRefusedAtLeast: refusals.isAtLeast,
    mintP50Ms: times.p50,
    mintP95Ms: times.p95,
    spentTodayMicroUsd: today.knownMicroUsd + today.estimatedMicroUsd,
    unknownCosts24h,
    budget,
    ...keys,
    hours: mints.map((hour, index) => ({ ...hour, refused: refusals.byHour[index] ?? 0 })),
    attention: await listAttention(ctx, { budget, unknownCosts24h, ...keys }),
    recentErrors: await listRecentErrors(ctx),
    refusals: refusals.byCode,
    steps: { hasKey: keys.keysTotal > 0, ...(await findSteps(ctx)) },
  };
}
