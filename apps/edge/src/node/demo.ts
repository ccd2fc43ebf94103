import { type Auth, canonicalizeEmail } from '@ephemera/api';
import type { Database } from '@ephemera/db';

import type { Config } from '../config.ts';
import { DEMO_DEFAULTS } from '../demo-defaults.ts';
import { seedDemoSessions } from './demo-sessions.ts';
import { findAccountId } from './find-account.ts';

/** Longer than a working day. */
const USER_TOKEN_TTL_SECONDS = 24 * 3_600;

export type AccountParts = { database: Database; account: Auth };
export type Credentials = { email: string; password: string };

/** The one operator of a real deployment, where one is configured. */
export async function prepareOperator({ operator }: Config, parts: AccountParts): Promise<void> {
  if (operator !== null) await ensureOwner(parts, { ...operator, name: 'Operator' });
}

/** The demo's two accounts and its past, and a token of its user. A second start finds them and hashes nothing. */
export async function prepareDemo(
  parts: AccountParts,
  operator: Credentials,
): Promise<{ userToken: string }> {
  const userName = 'Demo user';
  const [userId] = await Promise.all([
    ensureAccount(parts, {
      email: DEMO_DEFAULTS.userEmail,
      password: DEMO_DEFAULTS.userPassword,
      name: userName,
      role: 'user',
    }),
    ensureOwner(parts, { ...operator, name: 'Demo operator' }),
  ]);
  const [userToken] = await Promise.all([
    parts.account.signUserToken({ userId, ttlSeconds: USER_TOKEN_TTL_SECONDS }),
    seedDemoSessions(parts.database, { userId, userName, nowMs: Date.now() }),
  ]);
  return { userToken };
}

/** From before there were owners: the operator of the environment was the one who could do all. */
const PROMOTE_SQL = `update users set role = 'owner' where email = ?1
  and not exists (select 1 from users where role = 'owner')`;

async function ensureOwner(parts: AccountParts, owner: Credentials & { name: string }): Promise<void> {
  await ensureAccount(parts, { ...owner, role: 'owner' });
  await parts.database.write({ sql: PROMOTE_SQL, args: [canonicalizeEmail(owner.email)] });
}

/** Only a missing account is made: hashing a password at each start would cost more than all the rest of it. */
async function ensureAccount(
  parts: AccountParts,
  account: Parameters<Auth['seedAccount']>[0],
): Promise<string> {
  const known = await findAccountId(parts.database, account.email);
  return known ?? (await parts.account.seedAccount(account)).userId;
}
