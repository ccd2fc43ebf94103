import type { ProviderKeyRow } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { AppError } from '../../errors.ts';
import { toCheckEvent } from '../../pool/check-event.ts';
import { applyKeyEvent } from './change-health.ts';
import { checkKey } from './check-key.ts';
import { getProviderKeyRow } from './find.ts';
import { summarizeProviderKey } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';
import type { TestResult } from './test-result.ts';
import { toTestResult } from './test-result.ts';

/** Throws `conflict` where the key is not to be had. */
async function requireKey({ keySecrets }: ServiceContext, row: ProviderKeyRow): Promise<string> {
  const opened = await keySecrets.open(row);
  if (opened.kind === 'open') return opened.secret;
  const why = opened.kind === 'missing' ? 'is not set any more' : 'cannot be opened with this KEYRING';
  throw new AppError('conflict', `The key "${row.name}" ${why}.`);
}

/** Shows a stored key to its provider. A pass brings it back into use, a failure acts as it would in a mint. */
export async function testProviderKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: ProviderKeySummary; test: TestResult }> {
  requireScope(ctx, 'keys:write');
  const row = await getProviderKeyRow(ctx, input.id);
  const check = await checkKey(ctx, row.provider, await requireKey(ctx, row));
  const test = toTestResult(check);
  const result = test.ok ? 'ok' : 'failed';
  const details = { code: test.code, status: test.status };
  await ctx.database.write(
    auditStatement(ctx, { action: 'provider_key.test', target: row.id, result, details }),
  );
  await applyKeyEvent(ctx, row, toCheckEvent(check, ctx.clock.now()));
  return { key: await summarizeProviderKey(ctx, row.id), test };
}
