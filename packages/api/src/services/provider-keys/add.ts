import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { getProvider, requireKeyShape, requireNoKeyIn } from './check-key.ts';
import { explainConflict, prepareKey } from './insert-key.ts';
import { summarizeProviderKey } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';
import type { TestResult } from './test-result.ts';
import { testProviderKey } from './test.ts';

export type AddKeyInput = {
  provider: string;
  name: string;
  key: string;
  limitDomain?: string | undefined;
  weight?: number | undefined;
  /** Shows it to the provider at once, which sets its state. */
  test?: boolean | undefined;
};

/** Puts a key into the pool. Throws `conflict`, with the name, for one that is there. */
export async function addProviderKey(
  ctx: ServiceContext,
  input: AddKeyInput,
): Promise<{ key: ProviderKeySummary; test: TestResult | null }> {
  requireScope(ctx, 'keys:write');
  const provider = getProvider(input.provider);
  requireKeyShape(provider, input.key);
  requireNoKeyIn({ name: input.name, limitDomain: input.limitDomain }, input.key);
  const { id, fingerprint, statement } = await prepareKey(ctx, {
    provider: provider.id,
    name: input.name,
    secret: input.key,
    limitDomain: input.limitDomain ?? null,
    weight: input.weight ?? 1,
    replaces: null,
  });
  const [inserted] = await ctx.database.writeAll([
    statement,
    auditStatement(ctx, {
      action: 'provider_key.add',
      target: id,
      result: 'ok',
      details: { provider: provider.id },
      isConditional: true,
    }),
  ]);
  if (inserted?.rowsAffected !== 1) throw await explainConflict(ctx, provider.id, fingerprint);
  ctx.keyPool.invalidate();
  if (input.test === true && provider.canTest) return await testProviderKey(ctx, { id });
  return { key: await summarizeProviderKey(ctx, id), test: null };
}
