import type { Auth } from '@ephemera/api';
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
  if (operator !== null) await ensureAccount(parts, { ...operator, name: 'Operator', role: 'operator' });
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
    ensureAccount(parts, { ...operator, name: 'Demo operator', role: 'operator' }),
  ]);
  const [userToken] = await Promise.all([
    parts.account.signUserToken({ userId, ttlSeconds: USER_TOKEN_TTL_SECONDS }),
    seedDemoSessions(parts.database, { userId, userName, nowMs: Date.now() }),
  ]);
  return { userToken };
}

/** Only a missing account is made: hashing a password at each start would cost more than all the rest of it. */
async function ensureAccount(
  parts: AccountParts,
  account: Parameters<Auth['seedAccount']>[0],
): Promise<string> {
  const known = await findAccountId(parts.database, account.email);
  return known ?? (await parts.account.seedAccount(account)).userId;
}
