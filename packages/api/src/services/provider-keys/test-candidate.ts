import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { checkKey, getProvider, requireKeyShape } from './check-key.ts';
import type { TestResult } from './test-result.ts';
import { toTestResult } from './test-result.ts';

/** Shows a key that is not stored to its provider; of it, nothing is kept but that somebody did. */
export async function testCandidateKey(
  ctx: ServiceContext,
  input: { provider: string; key: string },
): Promise<TestResult> {
  requireScope(ctx, 'keys:write');
  requireKeyShape(getProvider(input.provider), input.key);
  const test = toTestResult(await checkKey(ctx, input.provider, input.key));
  const details = { provider: input.provider, code: test.code, status: test.status };
  const result = test.ok ? 'ok' : 'failed';
  await ctx.database.write(
    auditStatement(ctx, { action: 'provider_key.test', target: null, result, details }),
  );
  return test;
}
