import { providerKeys } from '@ephemera/db';
import type { Database } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import { readWithEnvironment } from '../../pool/environment-rows.ts';
import type { EnvironmentRowsOptions } from '../../pool/environment-rows.ts';
import { effectiveState } from '../../pool/health-row.ts';

export type KeyCounts = {
  healthy: number;
  /** Back by themselves after a while. */
  waiting: number;
  total: number;
};

/** How many keys of the pool are what, by their rows and the clock; of all providers, or of one. */
export async function countKeyStates(
  options: EnvironmentRowsOptions & { database: Database },
  provider?: string,
): Promise<KeyCounts> {
  const isOfProvider = provider === undefined ? undefined : eq(providerKeys.provider, provider);
  const nowMs = options.clock.now();
  const rows = await readWithEnvironment(options, {
    provider,
    read: () => options.database.orm.select().from(providerKeys).where(isOfProvider),
  });
  const states = rows.map((row) => effectiveState(row, nowMs));
  return {
    healthy: states.filter((state) => state === 'active').length,
    waiting: states.filter((state) => state === 'cooling_down' || state === 'exhausted').length,
    total: rows.length,
  };
}
