import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { KeySecretRow } from '../../providers/key-secrets.ts';
import { VaultError } from '../../vault/vault-error.ts';

/** What there is to have of a row. `missing`: not set any more. `damaged`, `locked`: this keyring does not open it. */
export type OpenedKey = { kind: 'open'; secret: string } | { kind: 'missing' | 'damaged' | 'locked' };

export async function openKey(ctx: ServiceContext, row: KeySecretRow): Promise<OpenedKey> {
  try {
    const secret = await ctx.keySecrets.open(row);
    return secret === null ? { kind: 'missing' } : { kind: 'open', secret };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    ctx.logger.error('provider_key.does_not_open', {
      keyId: row.id,
      code: error.code,
      version: error.version,
    });
    return { kind: error.code === 'damaged' ? 'damaged' : 'locked' };
  }
}

/** Throws `conflict` where the key is not to be had. */
export async function requireKey(ctx: ServiceContext, row: KeySecretRow & { name: string }): Promise<string> {
  const opened = await openKey(ctx, row);
  if (opened.kind === 'open') return opened.secret;
  const why = opened.kind === 'missing' ? 'is not set any more' : 'cannot be opened with this KEYRING';
  throw new AppError('conflict', `The key "${row.name}" ${why}.`);
}
