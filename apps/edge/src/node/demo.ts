import type { Auth } from '@ephemera/api';
import type { Database } from '@ephemera/db';
import type { Simulator } from '@ephemera/openai-simulator';

import type { Config } from '../config.ts';
import { DEMO_DEFAULTS } from '../demo-defaults.ts';
import { type DemoFile, writeDemoFile } from './demo-file.ts';
import { seedDemoSessions } from './demo-sessions.ts';
import { findAccountId } from './find-account.ts';

/** Longer than a working day; it dies with the demo's own signing key. */
const USER_TOKEN_TTL_SECONDS = 24 * 3_600;

export type Demo = DemoFile & { path: string };

type Parts = { database: Database; account: Auth; url: string; simulator: Simulator | null };

/** The accounts this start needs: the demo's two with their data, or the one operator of a real deployment. */
export async function prepareAccounts(config: Config, parts: Parts): Promise<Demo | null> {
  if (!config.isDemo) {
    if (config.operator !== null)
      await ensureAccount(parts, { ...config.operator, name: 'Operator', role: 'operator' });
    return null;
  }
  const operator = config.operator ?? {
    email: DEMO_DEFAULTS.operatorEmail,
    password: DEMO_DEFAULTS.operatorPassword,
  };
  const [, userId] = await Promise.all([
    ensureAccount(parts, { ...operator, name: 'Demo operator', role: 'operator' }),
    ensureAccount(parts, {
      email: DEMO_DEFAULTS.userEmail,
      password: DEMO_DEFAULTS.userPassword,
      name: 'Demo user',
      role: 'user',
    }),
  ]);
  const [userToken] = await Promise.all([
    parts.account.signUserToken({ userId, ttlSeconds: USER_TOKEN_TTL_SECONDS }),
    seedDemoSessions(parts.database, { userId, userName: 'Demo user', nowMs: Date.now() }),
  ]);
  const demo: DemoFile = { url: parts.url, simulatorUrl: parts.simulator?.url ?? null, operator, userToken };
  return { ...demo, path: await writeDemoFile(config.dataDir, demo) };
}

/** Only a missing account is made: hashing a password at each start would cost more than all the rest of it. */
async function ensureAccount(parts: Parts, account: Parameters<Auth['seedAccount']>[0]): Promise<string> {
  const known = await findAccountId(parts.database, account.email);
  return known ?? (await parts.account.seedAccount(account)).userId;
}
