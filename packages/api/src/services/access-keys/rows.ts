import type { AccessKeyRow, SqlValue } from '@ephemera/db';
import { accessKeys } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { AccessKeySettings } from './check-input.ts';

/** Throws `not_found`. */
export async function getAccessKeyRow(ctx: ServiceContext, id: string): Promise<AccessKeyRow> {
  const [row] = await ctx.database.orm.select().from(accessKeys).where(eq(accessKeys.id, id)).limit(1);
  if (row === undefined) throw new AppError('not_found', 'There is no such access key.');
  return row;
}

/** A former secret of a key has a row of its own, which cannot be worked on by itself. */
export function requireChangeable(row: AccessKeyRow): void {
  if (row.revokedAt !== null) throw new AppError('conflict', `The key "${row.name}" was revoked.`);
  if (row.replacedBy !== null) {
    throw new AppError('conflict', `This is a former secret of "${row.name}": work on the key itself.`);
  }
}

export const SETTING_COLUMNS = {
  name: 'name',
  scopes: 'scopes',
  allowedModels: 'allowed_models',
  allowedOrigins: 'allowed_origins',
  mintsPerMinute: 'mints_per_minute',
  maxOpenSessions: 'max_open_sessions',
  maxTtlSeconds: 'max_ttl_seconds',
  maxSessionSeconds: 'max_session_seconds',
  expiresAt: 'expires_at',
} as const satisfies Record<keyof AccessKeySettings, string>;

export const SETTINGS: readonly (keyof AccessKeySettings)[] = [
  'name',
  'scopes',
  'allowedModels',
  'allowedOrigins',
  'mintsPerMinute',
  'maxOpenSessions',
  'maxTtlSeconds',
  'maxSessionSeconds',
  'expiresAt',
];

export function toColumnValue(value: AccessKeySettings[keyof AccessKeySettings]): SqlValue {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
