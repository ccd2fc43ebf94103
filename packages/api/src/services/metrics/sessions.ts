import type { SqlRow } from '@ephemera/db';

import { sessionIdFloor } from '../../ids.ts';
import type { MetricsContext } from './collect.ts';
import type { MetricFamily, MetricSample } from './families.ts';
import { counter, gauge, summary } from './families.ts';

const DAY_MS = 86_400_000;
/** Beyond these a model is one of the others: what somebody else names must not add series without end. */
const MAX_MODELS = 50;
const OTHER = 'other';
const PROVIDER = 'openai';
const MICRO = 1e-6;

const COUNTS = ['sessions', 'failed', 'duration', 'known', 'estimated', 'unknown'] as const;
const TOKENS = [
  'text_input',
  'text_cached_input',
  'text_output',
  'audio_input',
  'audio_cached_input',
  'audio_output',
  'image_input',
  'image_cached_input',
] as const;
const FIGURES = [...COUNTS, ...TOKENS, 'open', 'minted'] as const;
type Figure = (typeof FIGURES)[number];
type ModelFigures = Record<Figure, number>;

const CLOSED_SQL = `select model, sum(sessions) as sessions, sum(failed) as failed, sum(duration_seconds) as duration,
    sum(known_micro_usd) as known, sum(estimated_micro_usd) as estimated, sum(unknown_costs) as unknown,
    ${TOKENS.map((name) => `sum(${name}) as ${name}`).join(', ')}
  from usage_hours where hour_start >= ?1 group by model`;
/** Those of the day that are open are in no hour yet; those that are over by the clock are not open. */
const OPEN_SQL = `select coalesce(model, '') as model, sum(deadline_at > ?2 and state in ('issued', 'connected')) as open,
    sum(issued_at >= ?1 and state not in ('admitted', 'failed')) as minted
  from sessions where deadline_at is not null group by 1`;
const TIMES_SQL = 'select mint_ms from sessions where id >= ?1 order by id desc limit 1000';

function addTo(models: Map<string, ModelFigures>, rows: readonly SqlRow[]): void {
  for (const row of rows) {
    const named = String(row['model']) || 'unknown';
    const model = models.has(named) || models.size < MAX_MODELS ? named : OTHER;
    const known = models.get(model);
    const add = (figure: Figure): [Figure, number] => [
      figure,
      (known?.[figure] ?? 0) + Number(row[figure] ?? 0),
    ];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because every figure is in the list it is made from
    models.set(model, Object.fromEntries(FIGURES.map(add)) as ModelFigures);
  }
}

type Models = ReadonlyMap<string, ModelFigures>;

function perModel(
  models: Models,
  read: (figures: ModelFigures, model: string) => readonly MetricSample[],
): MetricSample[] {
  return [...models].flatMap(([model, figures]) => read(figures, model));
}

function listTokens(figures: ModelFigures, model: string): MetricSample[] {
  return TOKENS.map((name) => {
    const [modality = '', ...direction] = name.split('_');
    return { labels: { model, modality, direction: direction.join('_') }, value: figures[name] };
  });
}

function describeModels(models: Models): MetricFamily[] {
  return [
    counter(
      { name: 'broker_client_secrets_minted', help: 'Mints of this UTC day, by what became of them.' },
      perModel(models, ({ sessions, failed, minted }, model) => [
        { labels: { provider: PROVIDER, model, outcome: 'issued' }, value: sessions - failed + minted },
        { labels: { provider: PROVIDER, model, outcome: 'failed' }, value: failed },
      ]),
    ),
    gauge(
      { name: 'broker_sessions_open', help: 'Sessions whose time is not over.' },
      perModel(models, ({ open }, model) => [{ labels: { model }, value: open }]),
    ),
    summary(
      { name: 'broker_session_duration_seconds', help: 'Closed sessions that began this UTC day.' },
      perModel(models, ({ sessions, failed, duration }, model) => [
        { suffix: '_sum', labels: { model }, value: duration },
        { suffix: '_count', labels: { model }, value: sessions - failed },
      ]),
    ),
    counter(
      { name: 'broker_session_cost_usd', help: 'Cost of closed sessions that began this UTC day.' },
      perModel(models, ({ known, estimated }, model) => [
        { labels: { model, source: 'known' }, value: known * MICRO },
        { labels: { model, source: 'estimated' }, value: estimated * MICRO },
      ]),
    ),
    counter(
      { name: 'broker_sessions_cost_unknown', help: 'Closed sessions of this UTC day without a known cost.' },
      perModel(models, ({ unknown }, model) => [{ labels: { model }, value: unknown }]),
    ),
    counter(
      { name: 'broker_session_tokens', help: 'Tokens of closed sessions that began this UTC day.' },
      perModel(models, listTokens),
    ),
  ];
}

async function sampleMintTimes({ database, clock }: MetricsContext): Promise<MetricSample[]> {
  const rows = await database.read(TIMES_SQL, [sessionIdFloor(clock.now() - 3_600_000)]);
  const times = rows
    .flatMap(({ mint_ms: ms }) => (typeof ms === 'number' ? [ms] : []))
    .toSorted((a, b) => a - b);
  return [0.5, 0.95, 0.99].flatMap((quantile) => {
    const ms = times[Math.max(0, Math.ceil(times.length * quantile) - 1)];
    return ms === undefined ? [] : [{ labels: { quantile: String(quantile) }, value: ms / 1_000 }];
  });
}

/** Mints, open sessions, durations, cost. */
export async function collectSessions(ctx: MetricsContext): Promise<MetricFamily[]> {
  const nowMs = ctx.clock.now();
  const dayMs = nowMs - (nowMs % DAY_MS);
  const models = new Map<string, ModelFigures>();
  addTo(models, await ctx.database.read(CLOSED_SQL, [dayMs]));
  addTo(models, await ctx.database.read(OPEN_SQL, [dayMs, nowMs]));
  const times = {
    name: 'broker_mint_duration_seconds',
    help: 'Of the newest mints of the last hour, at most 1000: from the request to the answer.',
  };
  return [...describeModels(models), summary(times, await sampleMintTimes(ctx))];
}
