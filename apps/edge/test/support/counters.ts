import type { NodeDatabase } from '@ephemera/db/node';
import type { ExpectStatic } from 'vitest';

const OWN = "(allowances.kind = 'project' or user_id = subject or access_key_id = subject)";

const COUNTERS_SQL = `select subject, open_sessions, reserved_micro_usd, spent_micro_usd,
    (select count(*) from sessions where deadline_at is not null and ${OWN}) as open_rows,
    (select coalesce(sum(reserved_micro_usd), 0) from sessions
      where deadline_at is not null and ${OWN}) as reserved_rows,
    (select coalesce(sum(cost_micro_usd), 0) from sessions
      where deadline_at is null and issued_at >= period_start and is_demo = 0 and ${OWN}) as spent_rows
  from allowances where kind <> 'address'`;

/** What is counted must be what the rows add up to. */
export async function expectCountersToEqualRows(
  { read }: Pick<NodeDatabase, 'read'>,
  expect: ExpectStatic,
): Promise<void> {
  const rows = await read(COUNTERS_SQL);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect([row['open_sessions'], row['reserved_micro_usd'], row['spent_micro_usd']]).toEqual([
      row['open_rows'],
      row['reserved_rows'],
      row['spent_rows'],
    ]);
  }
}
