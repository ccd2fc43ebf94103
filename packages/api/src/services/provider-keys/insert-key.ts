import type { Statement } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { checkKeyring } from '../../vault/check-keyring.ts';
import type { Vault } from '../../vault/create-vault.ts';

export type NewKey = {
  provider: string;
  name: string;
  secret: string;
  limitDomain: string | null;
  weight: number;
  replaces: string | null;
};

export type PreparedKey = { id: string; fingerprint: string; statement: Statement };

const INSERT_SQL = `insert into provider_keys (id, provider, name, source, limit_domain, last_four, fingerprint,
    ciphertext, kek_version, weight, state, state_since, replaces, created_at, created_by)
  values (?1, ?2, ?3, 'stored', ?4, ?5, ?6, ?7, ?8, ?9, 'active', ?10, ?11, ?10, ?12)
  on conflict (provider, fingerprint) do nothing`;

/** Sealing under a keyring that does not open what is there would leave a pool that no single keyring opens. */
async function requireFittingVault({ database, vault }: ServiceContext): Promise<Vault> {
  if (vault === null) {
    throw new AppError(
      'unavailable',
      'Keys cannot be stored here: set KEYRING, under which they are encrypted.',
    );
  }
  const check = await checkKeyring(database, vault);
  if (check.ok) return vault;
  const versions = check.problems.map(({ version }) => version).join(', ');
  throw new AppError(
    'unavailable',
    `Nothing is stored: the KEYRING does not open what is there under version ${versions}.`,
  );
}

/** Seals the key for its row. Throws `unavailable` where no KEYRING is set. */
export async function prepareKey(ctx: ServiceContext, key: NewKey): Promise<PreparedKey> {
  const createdBy = ownerIdOf(requireScope(ctx, 'keys:write'));
  const vault = await requireFittingVault(ctx);
  const { provider, secret } = key;
  const id = ctx.ids.providerKeyId();
  const [fingerprint, sealed] = await Promise.all([
    ctx.keyFingerprint(provider, secret),
    vault.seal({ id, provider, secret }),
  ]);
  const args = [
    id,
    provider,
    key.name,
    key.limitDomain,
    secret.slice(-4),
    fingerprint,
    sealed.ciphertext,
    sealed.kekVersion,
    key.weight,
    ctx.clock.now(),
    key.replaces,
    createdBy,
  ];
  return { id, fingerprint, statement: { sql: INSERT_SQL, args } };
}

/** Why an insert took no effect: the key is in the pool already. */
export async function explainConflict(
  ctx: ServiceContext,
  provider: string,
  fingerprint: string,
): Promise<AppError> {
  const [row] = await ctx.database.read(
    'select name from provider_keys where provider = ?1 and fingerprint = ?2',
    [provider, fingerprint],
  );
  const existingName = row === undefined ? 'another name' : String(row['name']);
  return new AppError('conflict', `This key is in the pool already, as ${JSON.stringify(existingName)}.`, {
    details: { param: 'key', existingName },
  });
}
