import type { KeyEnvironment } from '../../access-keys/format.ts';
import { auditStatement } from '../../audit/record.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import type { AccessKeySettings } from './check-input.ts';
import { checkSettings } from './check-input.ts';
import { SETTING_COLUMNS, SETTINGS, toColumnValue } from './rows.ts';
import { summarizeAccessKey } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

type Required = 'name' | 'scopes';

export type CreateAccessKeyInput = { environment: KeyEnvironment } & Pick<AccessKeySettings, Required> & {
    [Setting in Exclude<keyof AccessKeySettings, Required>]?: AccessKeySettings[Setting] | undefined;
  };

/** The secret is told here and never again. */
export type CreatedAccessKey = { key: AccessKeySummary; secret: string };

const COLUMNS = SETTINGS.map((name) => SETTING_COLUMNS[name]).join(', ');
const INSERT_SQL = `insert into access_keys (id, environment, hash, last_four, created_at, created_by, ${COLUMNS})
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`;

function withDefaults(input: CreateAccessKeyInput): AccessKeySettings {
  return {
    name: input.name,
    scopes: input.scopes,
    allowedModels: input.allowedModels ?? null,
    allowedOrigins: input.allowedOrigins ?? null,
    mintsPerMinute: input.mintsPerMinute ?? null,
    maxOpenSessions: input.maxOpenSessions ?? null,
    maxTtlSeconds: input.maxTtlSeconds ?? null,
    maxSessionSeconds: input.maxSessionSeconds ?? null,
    expiresAt: input.expiresAt ?? null,
  };
}

export async function createAccessKey(
  ctx: ServiceContext,
  input: CreateAccessKeyInput,
): Promise<CreatedAccessKey> {
  const createdBy = ownerIdOf(requireScope(ctx, 'access-keys:write'));
  const settings = withDefaults(input);
  checkSettings(ctx, settings);
  const id = ctx.ids.accessKeyId();
  const secret = ctx.accessKeySecrets.create(input.environment);
  const hash = await ctx.accessKeySecrets.hash(secret);
  const own = [id, input.environment, hash, secret.slice(-4), ctx.clock.now(), createdBy];
  await ctx.database.writeAll([
    { sql: INSERT_SQL, args: [...own, ...SETTINGS.map((name) => toColumnValue(settings[name]))] },
    auditStatement(ctx, {
      action: 'access_key.create',
      target: id,
      result: 'ok',
      details: { environment: input.environment, scopes: settings.scopes },
    }),
  ]);
  return { key: await summarizeAccessKey(ctx, id), secret };
}
