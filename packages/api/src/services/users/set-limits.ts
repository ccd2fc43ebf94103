import type { SqlValue } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Limits } from '../../limits/limits.ts';
import { findModel } from '../../models/registry.ts';
import { changeUser } from './change.ts';
import type { UserDetail } from './get.ts';

/** Null: as for everybody; left out: as it is. */
export type SetUserLimitsInput = { id: string; allowedModels?: readonly string[] | null | undefined } & {
  [Name in keyof Limits]?: number | null | undefined;
};

const COLUMNS = {
  mintsPerMinute: 'mints_per_minute',
  maxOpenSessions: 'max_open_sessions',
  maxTtlSeconds: 'max_ttl_seconds',
  maxSessionSeconds: 'max_session_seconds',
  allowedModels: 'allowed_models',
} as const;

const NAMES = [
  'mintsPerMinute',
  'maxOpenSessions',
  'maxTtlSeconds',
  'maxSessionSeconds',
  'allowedModels',
] as const satisfies readonly (keyof typeof COLUMNS)[];

/** Column by column, so that of two changes at once neither takes the other one back. */
const ASSIGNMENTS = NAMES.map(
  (name, index) => `${COLUMNS[name]} = iif(?${2 * index + 2}, ?${2 * index + 3}, ${COLUMNS[name]})`,
).join(', ');

function toColumn(value: number | readonly string[] | null): SqlValue {
  return typeof value === 'number' || value === null ? value : JSON.stringify(value);
}

export async function setUserLimits(ctx: ServiceContext, input: SetUserLimitsInput): Promise<UserDetail> {
  if (input.allowedModels?.some((model) => findModel(model) === null) === true) {
    throw new AppError('invalid_request', 'One of these models is not known here.', {
      details: { param: 'allowedModels' },
    });
  }
  const args = NAMES.flatMap((name): SqlValue[] => {
    const value = input[name];
    return value === undefined ? [0, null] : [1, toColumn(value)];
  });
  const details = Object.fromEntries(
    NAMES.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
  return await changeUser(ctx, {
    id: input.id,
    action: 'user.set_limits',
    assignments: ASSIGNMENTS,
    args,
    details,
  });
}
