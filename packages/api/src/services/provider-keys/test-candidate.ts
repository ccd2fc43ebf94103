import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { checkKey, getProvider, requireKeyShape } from './check-key.ts';
import type { TestResult } from './test-result.ts';
import { toTestResult } from './test-result.ts';

/** Shows a key that is not stored to its provider; nothing of it is kept. */
export async function testCandidateKey(
  ctx: ServiceContext,
  input: { provider: string; key: string },
): Promise<TestResult> {
  requireScope(ctx, 'keys:write');
  requireKeyShape(getProvider(input.provider), input.key);
  return toTestResult(await checkKey(ctx, input.provider, input.key));
}
