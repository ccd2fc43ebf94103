import { auditStatement } from '../../audit/record.ts';
import type { InternalActor, ServiceContext } from '../../context.ts';
import { findProvider } from '../../models/provider-catalogue.ts';
import { requireInternal } from '../../require-internal.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import { applyKeyEvent } from './change-health.ts';
import { findProviderKey } from './find.ts';
import type { OpenedKey } from './open-key.ts';
import { openKey } from './open-key.ts';
import { pruneInternalRecords } from './prune.ts';
import type { ServiceRow } from './read-service-rows.ts';
import { readActiveRows } from './read-service-rows.ts';

/** The shape that internal callers know from before: exactly these fields. */
export type ServiceKey = {
  id: string;
  provider: string;
  name: string;
  /** The key itself: the one answer that is meant to carry it. */
  key: string;
  usageCount: number;
  errorCount: number;
};

type OpenedRow = { row: ServiceRow; opened: OpenedKey };

/** A ciphertext that does not open where others of its version do is broken; else it is our keyring that is wrong. */
async function takeOutDamaged(ctx: ServiceContext, all: readonly OpenedRow[]): Promise<void> {
  const sound = new Set(all.filter(({ opened }) => opened.kind === 'open').map(({ row }) => row.kekVersion));
  for (const { row, opened } of all) {
    if (opened.kind !== 'damaged' || !sound.has(row.kekVersion)) continue;
    const current = await findProviderKey(ctx, row.id);
    if (current !== null) await applyKeyEvent(ctx, current, { kind: 'damaged' });
  }
}

/** Counts and audits in one commit: no key leaves without its entry, and none beyond the limit is audited as read. */
async function admitRead(
  ctx: ServiceContext,
  service: InternalActor,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const window = openRateWindow(ctx.clock, {
    scope: 'internal_read',
    subject: service.id,
    limit: ctx.settings.internal.readsPerMinute,
  });
  const [counted] = await ctx.database.writeAll([
    countStatement(window),
    auditStatement(ctx, {
      action: 'provider_key.read',
      target: null,
      result: 'ok',
      details,
      isConditional: true,
    }),
  ]);
  const count = requireRoom(ctx.clock, window, counted);
  if (count === 1) await pruneInternalRecords(ctx);
}

/** For the audit: only a name that we know, since anything may have been pasted there. */
function nameOf(provider: string | undefined): string | null {
  return provider === undefined ? null : (findProvider(provider)?.id ?? 'unknown');
}

/** The keys that can be used now, the best first: fewest errors, then least used. The whole answer is audited. */
export async function fetchKeysForService(
  ctx: ServiceContext,
  input: { provider?: string | undefined },
): Promise<ServiceKey[]> {
  const service = requireInternal(ctx);
  const rows = await readActiveRows(ctx, input.provider);
  const all = await Promise.all(rows.map(async (row) => ({ row, opened: await openKey(ctx, row) })));
  const keys = all.flatMap(({ row, opened }): ServiceKey[] => {
    if (opened.kind !== 'open') return [];
    const { id, provider, name, usageCount, errorCount } = row;
    return [{ id, provider, name, key: opened.secret, usageCount, errorCount }];
  });
  await admitRead(ctx, service, {
    provider: nameOf(input.provider),
    keyIds: keys.map(({ id }) => id),
  });
  if (all.some(({ opened }) => opened.kind === 'damaged')) await takeOutDamaged(ctx, all);
  return keys;
}
