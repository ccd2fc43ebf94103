import { ownerIdOf } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { findProvider } from '../../models/provider-catalogue.ts';
import type { OpenedRow } from '../../providers/key-secrets.ts';
import { listBroken } from '../../providers/key-secrets.ts';
import { requireKeyReader } from '../../require-internal.ts';
import { countRead } from '../internal/count-read.ts';
import { applyKeyEvent } from './change-health.ts';
import { findProviderKey } from './find.ts';
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

async function takeOut(ctx: ServiceContext, broken: readonly ServiceRow[]): Promise<void> {
  for (const { id } of broken) {
    const current = await findProviderKey(ctx, id);
    if (current !== null) await applyKeyEvent(ctx, current, { kind: 'damaged' });
  }
}

function toServiceKeys(all: readonly OpenedRow<ServiceRow>[]): ServiceKey[] {
  return all.flatMap(({ row, opened }): ServiceKey[] => {
    if (opened.kind !== 'open') return [];
    const { id, provider, name, usageCount, errorCount } = row;
    return [{ id, provider, name, key: opened.secret, usageCount, errorCount }];
  });
}

/** For the audit: only a name that we know, since anything may have been pasted there. */
function nameOf(provider: string | undefined): string | null {
  return provider === undefined ? null : (findProvider(provider)?.id ?? 'unknown');
}

/**
 * The keys that can be used now, the best first: fewest errors, then least used. The whole answer is audited. Throws
 * `unavailable` where there are keys and our keyring opens none: an empty list would tell callers to forget theirs.
 */
export async function fetchKeysForService(
  ctx: ServiceContext,
  input: { provider?: string | undefined },
): Promise<ServiceKey[]> {
  const reader = requireKeyReader(ctx);
  const rows = await readActiveRows(ctx, input.provider);
  const all = await Promise.all(rows.map(async (row) => ({ row, opened: await ctx.keySecrets.open(row) })));
  const keys = toServiceKeys(all);
  const broken = listBroken(all);
  const isLocked = all.some(
    ({ row, opened }) => (opened.kind === 'locked' || opened.kind === 'damaged') && !broken.includes(row),
  );
  const isRefused = keys.length === 0 && isLocked;
  const readOfMinute = await countRead(ctx, {
    scope: 'internal_read',
    subject: reader.kind === 'node' ? ownerIdOf(reader) : reader.id,
    limit: ctx.settings.internal.readsPerMinute,
    result: isRefused ? 'failed' : 'ok',
    details: { provider: nameOf(input.provider), keyIds: keys.map(({ id }) => id) },
  });
  if (readOfMinute === 1) await pruneInternalRecords(ctx);
  await takeOut(ctx, broken);
  if (isRefused) throw new AppError('unavailable', 'The stored keys cannot be opened with this KEYRING.');
  return keys;
}
