import type { SqlValue } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { GivenSettings } from './check-input.ts';
import { checkSettings } from './check-input.ts';
import { getAccessKeyRow, requireChangeable, SETTING_COLUMNS, SETTINGS, toColumnValue } from './rows.ts';
import { summarizeAccessKey } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

/** Null takes a restriction away. */
export type UpdateAccessKeyInput = GivenSettings & { id: string };

/** Column by column, so that of two changes at once neither takes the other one back. */
const ASSIGNMENTS = SETTINGS.map(
  (name, index) =>
    `${SETTING_COLUMNS[name]} = iif(?${2 * index + 2}, ?${2 * index + 3}, ${SETTING_COLUMNS[name]})`,
);
const UPDATE_SQL = `update access_keys set ${ASSIGNMENTS.join(', ')}
  where id = ?1 and revoked_at is null and replaced_by is null`;

function toArgs({ id, ...settings }: UpdateAccessKeyInput): SqlValue[] {
  const pairs = SETTINGS.map((name): SqlValue[] => {
    const value = settings[name];
    return value === undefined ? [0, null] : [1, toColumnValue(value)];
  });
  return [id, ...pairs.flat()];
}

export async function updateAccessKey(
  ctx: ServiceContext,
  input: UpdateAccessKeyInput,
): Promise<{ key: AccessKeySummary }> {
  requireScope(ctx, 'access-keys:write');
  const { id, ...given } = input;
  checkSettings(ctx, given);
  requireChangeable(await getAccessKeyRow(ctx, id));
  const changed = SETTINGS.filter((name) => given[name] !== undefined);
  const [updated] = await ctx.database.writeAll([
    { sql: UPDATE_SQL, args: toArgs(input) },
    auditStatement(ctx, {
      action: 'access_key.update',
      target: id,
      result: 'ok',
      details: { changed, ...(given.scopes === undefined ? {} : { scopes: given.scopes }) },
      isConditional: true,
    }),
  ]);
  if (updated?.rowsAffected !== 1) throw new AppError('conflict', 'The key was revoked meanwhile.');
  return { key: await summarizeAccessKey(ctx, id) };
}
