import type { ProviderKeyRow } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { effectiveState } from '../../pool/health-row.ts';
import { requireScope } from '../../auth/scopes.ts';
import { checkKey, getProvider, requireKeyShape, requireNoKeyIn } from './check-key.ts';
import { getProviderKeyRow } from './find.ts';
import { explainConflict, prepareKey } from './insert-key.ts';
import { summarizeProviderKey } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';
import type { TestResult } from './test-result.ts';
import { toTestResult } from './test-result.ts';

export type RotateKeyInput = {
  id: string;
  /** The new key. */
  key: string;
  name?: string | undefined;
  /** For so long both are in use; then the old one drains. */
  overlapSeconds: number;
  /** Asks the provider first, and changes nothing when it says no. */
  test?: boolean | undefined;
};

export type RotatedKey = { key: ProviderKeySummary; old: ProviderKeySummary; test: TestResult | null };

const RETIRE_SQL = 'update provider_keys set drain_at = ?1 where id = ?2 and changes() > 0';

function requireRotatable(ctx: ServiceContext, row: ProviderKeyRow): void {
  const state = effectiveState(row, ctx.clock.now());
  if (row.drainAt === null && state !== 'draining' && state !== 'disabled') return;
  throw new AppError('conflict', `The key "${row.name}" is on its way out already: enable it first.`);
}

async function testNewKey(ctx: ServiceContext, row: ProviderKeyRow, input: RotateKeyInput) {
  if (input.test !== true || !getProvider(row.provider).canTest) return null;
  const test = toTestResult(await checkKey(ctx, row.provider, input.key));
  if (test.ok) return test;
  throw new AppError('invalid_request', `${test.message} (${test.code ?? 'no code'}) Nothing was changed.`, {
    details: { param: 'key', provider: { status: test.status, code: test.code } },
  });
}

/** Adds the new key in the place of an old one, which drains when the overlap is over. All of it or nothing. */
export async function rotateProviderKey(ctx: ServiceContext, input: RotateKeyInput): Promise<RotatedKey> {
  requireScope(ctx, 'keys:write');
  const row = await getProviderKeyRow(ctx, input.id);
  requireRotatable(ctx, row);
  requireKeyShape(getProvider(row.provider), input.key);
  requireNoKeyIn({ name: input.name, limitDomain: undefined }, input.key);
  const test = await testNewKey(ctx, row, input);
  const { id, fingerprint, statement } = await prepareKey(ctx, {
    provider: row.provider,
    name: input.name ?? row.name,
    secret: input.key,
    limitDomain: row.limitDomain,
    weight: row.weight,
    replaces: row.id,
  });
  const { overlapSeconds } = input;
  const [inserted] = await ctx.database.writeAll([
    statement,
    { sql: RETIRE_SQL, args: [ctx.clock.now() + overlapSeconds * 1_000, row.id] },
    auditStatement(ctx, {
      action: 'provider_key.rotate',
      target: row.id,
      result: 'ok',
      details: { newKeyId: id, overlapSeconds },
      isConditional: true,
    }),
    auditStatement(ctx, {
      action: 'provider_key.add',
      target: id,
      result: 'ok',
      details: { provider: row.provider, replaces: row.id },
      isConditional: true,
    }),
  ]);
  if (inserted?.rowsAffected !== 1) throw await explainConflict(ctx, row.provider, fingerprint);
  ctx.keyPool.invalidate();
  const [key, old] = await Promise.all([summarizeProviderKey(ctx, id), summarizeProviderKey(ctx, row.id)]);
  return { key, old, test };
}
