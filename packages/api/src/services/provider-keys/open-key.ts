import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { KeySecretRow } from '../../providers/key-secrets.ts';
import { judgeFailure, VaultError } from '../../vault/vault-error.ts';
import type { OpenFailure } from '../../vault/vault-error.ts';

/** What there is to have of a row. `missing`: the environment does not name it any more. */
export type OpenedKey = { kind: 'open'; secret: string } | { kind: 'missing' } | OpenFailure;

export type OpenableRow = KeySecretRow & { kekVersion: number | null };

export async function openKey(ctx: ServiceContext, row: OpenableRow): Promise<OpenedKey> {
  try {
    const secret = await ctx.keySecrets.open(row);
    if (secret !== null) return { kind: 'open', secret };
    // A stored key without a secret: there is no keyring at all.
    return { kind: row.ciphertext === null ? 'missing' : 'locked' };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    ctx.logger.error('provider_key.does_not_open', {
      keyId: row.id,
      code: error.code,
      version: error.version,
    });
    return judgeFailure(error, row.kekVersion);
  }
}

/** Throws `conflict` where the key is not to be had. */
export async function requireKey(ctx: ServiceContext, row: OpenableRow & { name: string }): Promise<string> {
  const opened = await openKey(ctx, row);
  if (opened.kind === 'open') return opened.secret;
  const why = opened.kind === 'missing' ? 'is not set any more' : 'cannot be opened with this KEYRING';
  throw new AppError('conflict', `The key "${row.name}" ${why}.`);
}
