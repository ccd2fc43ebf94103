import { countSessionUses } from '@ephemera/db';
import type { SqlRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { readWithEnvironment } from '../../pool/environment-rows.ts';
import { toHealth } from '../../pool/health-row.ts';
import { isUsableOutside } from '../../pool/key-health.ts';
import { readState } from '../../pool/load-keys.ts';
import type { KeySecretRow } from '../../providers/key-secrets.ts';

/** What a service's read needs of a row. */
export type ServiceRow = KeySecretRow & {
  name: string;
  usageCount: number;
  errorCount: number;
  isUsable: boolean;
};

/** Raw SQL on purpose: services ask often, and a query builder would cost more than the query. */
const READ_SQL = `select id, provider, name, fingerprint, ciphertext, kek_version, usage_count, error_count,
    state, state_reason, state_since, state_until, drain_at
  from provider_keys where ?1 is null or provider = ?1 order by error_count, usage_count, id`;

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function isUsable(row: SqlRow, nowMs: number): boolean {
  const health = toHealth({
    state: readState(row),
    stateReason: toText(row['state_reason']),
    stateSinceMs: Number(row['state_since']),
    stateUntilMs: toNumber(row['state_until']),
  });
  return isUsableOutside(health, toNumber(row['drain_at']), nowMs);
}

function toServiceRow(row: SqlRow, nowMs: number): ServiceRow {
  return {
    id: toText(row['id']) ?? '',
    provider: toText(row['provider']) ?? '',
    name: toText(row['name']) ?? '',
    fingerprint: toText(row['fingerprint']) ?? '',
    ciphertext: toText(row['ciphertext']),
    kekVersion: toNumber(row['kek_version']),
    usageCount: Number(row['usage_count']),
    errorCount: Number(row['error_count']),
    isUsable: isUsable(row, nowMs),
  };
}

/** The keys that can be used now: fewest errors first, then least used, the uses that sessions are included. */
export async function readActiveRows(
  ctx: ServiceContext,
  provider: string | undefined,
): Promise<ServiceRow[]> {
  await countSessionUses(ctx.database);
  const read = async () => {
    const rows = await ctx.database.read(READ_SQL, [provider ?? null]);
    const nowMs = ctx.clock.now();
    return rows.map((row) => toServiceRow(row, nowMs));
  };
  const rows = await readWithEnvironment(ctx, { provider, read });
  return rows.filter((row) => row.isUsable);
}
