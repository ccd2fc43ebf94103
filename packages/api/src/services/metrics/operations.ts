import { auditIdFloor } from '../../ids.ts';
import type { MetricsContext } from './collect.ts';
import type { MetricFamily, MetricSample } from './families.ts';
import { counter, gauge } from './families.ts';

const DAY_MS = 86_400_000;
const MICRO = 1e-6;
const MAX_KEYS = 500;
/** Refusals are audited at most so often a minute and caller; of more than this a day the newest count. */
const MAX_REFUSALS = 50_000;

const KEYS_SQL = `select id, provider, state, usage_count, error_count from provider_keys order by id limit ${MAX_KEYS}`;
const ALERTS_SQL = 'select kind, count(*) as open from alerts where resolved_at is null group by kind';
const PROJECT_SQL = `select spent_micro_usd, reserved_micro_usd from allowances where kind = 'project' and subject = ''`;
const AUDIT_SQL = 'select coalesce(max(seq), 0) as entries from audit_entries';
const REFUSALS_SQL = `select coalesce(details ->> 'code', 'unknown') as code, count(*) as refused
  from (select details from audit_entries
    where action = 'token.mint' and result <> 'ok'
      and seq >= coalesce((select seq from audit_entries where id >= ?1 order by id limit 1), 9007199254740991)
    order by seq desc limit ${MAX_REFUSALS})
  group by 1`;
const TURN_SQL = `select provider, sum(count) as issued from turn_issuances where window_start >= ?1 group by provider`;

/** What a refusal's code was about: only these are told, so that no other text becomes a label. */
const LIMITERS: Readonly<Record<string, string>> = { rate_limited: 'mint', session_limit: 'open_sessions' };
const OTHER_REFUSALS = ['model_not_allowed', 'origin_not_allowed', 'insufficient_scope', 'user_blocked'];

async function describeKeys({ database }: MetricsContext): Promise<MetricFamily[]> {
  const rows = await database.read(KEYS_SQL);
  const states = rows.map(({ id, state }) => ({
    labels: { key: String(id), state: String(state) },
    value: 1,
  }));
  const uses = new Map<string, { ok: number; error: number }>();
  for (const { provider, usage_count: used, error_count: failed } of rows) {
    const known = uses.get(String(provider)) ?? { ok: 0, error: 0 };
    const errors = Number(failed);
    uses.set(String(provider), { ok: known.ok + Number(used) - errors, error: known.error + errors });
  }
  const requests = [...uses].flatMap(([provider, { ok, error }]): MetricSample[] => [
    { labels: { provider, outcome: 'ok' }, value: ok },
    { labels: { provider, outcome: 'error' }, value: error },
  ]);
  return [
    gauge({ name: 'broker_provider_key_state', help: 'The state each key is in.' }, states),
    counter({ name: 'broker_provider_requests', help: 'Uses of the keys that are in the pool.' }, requests),
  ];
}

async function describeRefusals({ database }: MetricsContext, dayMs: number): Promise<MetricFamily[]> {
  const rows = await database.read(REFUSALS_SQL, [auditIdFloor(dayMs)]);
  const byCode = new Map(rows.map(({ code, refused }) => [String(code), Number(refused)]));
  const count = (code: string): number => byCode.get(code) ?? 0;
  return [
    counter({ name: 'broker_budget_denied', help: 'Mints of this UTC day refused for a budget.' }, [
      { labels: {}, value: count('budget_exceeded') },
    ]),
    counter(
      {
        name: 'broker_rate_limited',
        help: 'Mints of this UTC day refused for a limit, as far as they are audited.',
      },
      Object.entries(LIMITERS).map(([code, limiter]) => ({ labels: { limiter }, value: count(code) })),
    ),
    counter(
      { name: 'broker_mints_forbidden', help: 'Mints of this UTC day that the caller may not make.' },
      OTHER_REFUSALS.map((code) => ({ labels: { code }, value: count(code) })),
    ),
  ];
}

async function describeMoney({ database }: MetricsContext): Promise<MetricFamily> {
  const [row] = await database.read(PROJECT_SQL);
  const read = (column: string): number => Number(row?.[column] ?? 0) * MICRO;
  return gauge(
    { name: 'broker_project_budget_usd', help: 'What the project has used up of the period of its budget.' },
    [
      { labels: { part: 'spent' }, value: read('spent_micro_usd') },
      { labels: { part: 'reserved' }, value: read('reserved_micro_usd') },
    ],
  );
}

/** Keys, refusals, money, TURN, alerts, audit. */
export async function collectOperations(ctx: MetricsContext): Promise<MetricFamily[]> {
  const { database, clock } = ctx;
  const dayMs = clock.now() - (clock.now() % DAY_MS);
  const alerts = await database.read(ALERTS_SQL);
  const turn = await database.read(TURN_SQL, [dayMs]);
  const [audit] = await database.read(AUDIT_SQL);
  return [
    ...(await describeKeys(ctx)),
    ...(await describeRefusals(ctx, dayMs)),
    await describeMoney(ctx),
    counter(
      { name: 'broker_turn_credentials_issued', help: 'TURN credentials of this UTC day.' },
      turn.map(({ provider, issued }) => ({
        labels: { provider: String(provider) },
        value: Number(issued),
      })),
    ),
    gauge(
      { name: 'broker_alerts_open', help: 'What operators have to look at.' },
      alerts.map(({ kind, open }) => ({ labels: { kind: String(kind) }, value: Number(open) })),
    ),
    counter({ name: 'broker_audit_entries', help: 'Entries of the audit, ever.' }, [
      { labels: {}, value: Number(audit?.['entries'] ?? 0) },
    ]),
  ];
}
