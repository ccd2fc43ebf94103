import type { ServiceContext } from '../../context.ts';

/** Who has an id now. */
export type Registered = {
  id: string;
  fingerprint: string;
  isRevoked: boolean;
  /** Of the registration token it came with; null: it came without. */
  tokenHash: string | null;
};

const READ_SQL = `select n.id, n.key_fingerprint, n.revoked_at,
    (select t.hash from node_registration_tokens t where t.used_by = n.id and t.used_at = n.created_at) as token_hash
  from nodes n where n.id = ?1`;

export async function readRegistered(ctx: ServiceContext, id: string): Promise<Registered | null> {
  const [row] = await ctx.database.read(READ_SQL, [id]);
  if (row === undefined) return null;
  const tokenHash = row['token_hash'];
  return {
    id,
    fingerprint: String(row['key_fingerprint']),
    isRevoked: row['revoked_at'] !== null,
    tokenHash: typeof tokenHash === 'string' ? tokenHash : null,
  };
}

const OWNER_SQL = 'select id from nodes where key_fingerprint = ?1';

export async function isKeyTaken(ctx: ServiceContext, fingerprint: string): Promise<boolean> {
  return (await ctx.database.read(OWNER_SQL, [fingerprint])).length > 0;
}
