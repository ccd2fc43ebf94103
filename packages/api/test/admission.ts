import type { ExpectStatic } from 'vitest';

import type { AccessKeyActor, Actor } from '../src/context.ts';
import { createToken } from '../src/services/tokens/create.ts';
import type { TestApi } from './fixtures.ts';
import { ADA } from './fixtures.ts';

export const MODEL = 'gpt-realtime-2.1';

export const KEY: AccessKeyActor = {
  kind: 'access_key',
  id: 'key_app',
  name: 'App',
  environment: 'live',
  scopes: ['tokens:mint', 'tokens:mint-for', 'sessions:read', 'sessions:report'],
  allowedModels: null,
  allowedOrigins: null,
  mintsPerMinute: null,
  maxOpenSessions: null,
  maxTtlSeconds: null,
  maxSessionSeconds: null,
};

/** What so many mints at once come to, by code. */
export async function mintAtOnce(
  api: TestApi,
  many: number,
  actor: Actor = ADA,
): Promise<Record<string, number>> {
  const results = await Promise.allSettled(
    Array.from({ length: many }, () => createToken(api.as(actor), {})),
  );
  const codes: Record<string, number> = {};
  for (const result of results) {
    const code = result.status === 'fulfilled' ? 'ok' : String(result.reason.code);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}

const OWN = "(allowances.kind = 'project' or user_id = subject or access_key_id = subject)";

const COUNTERS_SQL = `select subject, open_sessions as open, reserved_micro_usd as reserved, spent_micro_usd as spent,
    (select count(*) from sessions where deadline_at is not null and ${OWN}) as open_rows,
    (select coalesce(sum(reserved_micro_usd), 0) from sessions
      where deadline_at is not null and ${OWN}) as reserved_rows,
    (select coalesce(sum(cost_micro_usd), 0) from sessions
      where deadline_at is null and issued_at >= period_start and ${OWN}) as spent_rows
  from allowances where kind <> 'address'`;

/** What is counted must be what the rows add up to, after anything. */
export async function expectCountersToEqualRows(api: Pick<TestApi, 'database'>, expect: ExpectStatic) {
  for (const row of await api.database.read(COUNTERS_SQL)) {
    expect([row['open'], row['reserved'], row['spent']], String(row['subject'])).toEqual([
      row['open_rows'],
      row['reserved_rows'],
      row['spent_rows'],
    ]);
  }
}
