import { countSessionUses } from '@ephemera/db';
import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { getProviderKeyRow } from './find.ts';
import { HOUR_MS } from './summary.ts';

export type UsageSeries = { hours: { start: string; uses: number; errors: number }[] };

const SQL = `select hour_start, uses, errors from provider_key_hours where key_id = ?1 and hour_start >= ?2`;

/** The last hours of a key, the oldest first, quiet ones included; the last one is the hour that runs. */
export async function getUsageSeries(
  ctx: ServiceContext,
  input: { id: string; hours: number },
): Promise<UsageSeries> {
  requireScope(ctx, 'keys:read');
  const row = await getProviderKeyRow(ctx, input.id);
  await countSessionUses(ctx.database);
  const nowMs = ctx.clock.now();
  const firstMs = nowMs - (nowMs % HOUR_MS) - (input.hours - 1) * HOUR_MS;
  const stored = new Map(
    (await ctx.database.read(SQL, [row.id, firstMs])).map((hour) => [Number(hour['hour_start']), hour]),
  );
  return {
    hours: Array.from({ length: input.hours }, (_, index) => {
      const startMs = firstMs + index * HOUR_MS;
      const hour = stored.get(startMs);
      return {
        start: new Date(startMs).toISOString(),
        uses: Number(hour?.['uses'] ?? 0),
        errors: Number(hour?.['errors'] ?? 0),
      };
    }),
  };
}
