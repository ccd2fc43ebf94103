import type { Auth } from '@ephemera/api';
import type { Database } from '@ephemera/db';

import type { Config } from '../config.ts';
import { DEMO_ACCOUNTS } from '../demo-defaults.ts';
import { findAccountId } from './find-account.ts';
import { StartError } from './start-error.ts';

/** A deployment may not inherit the demo's accounts, whose passwords are public, nor keys it cannot read. */
export async function checkDatabase(
  { isDemo, dataDir }: Config,
  { database, account }: { database: Database; account: Auth },
): Promise<void> {
  if (!isDemo) {
    for (const { email } of DEMO_ACCOUNTS) {
      if ((await findAccountId(database, email)) === null) continue;
      throw new StartError(
        `The database holds the demo's account ${email}, whose password everybody knows: set another DATA_DIR (now ${dataDir}) or TURSO_DATABASE_URL.`,
      );
    }
  }
  await checkSigningKey(account);
}

async function checkSigningKey(account: Auth): Promise<void> {
  try {
    await account.checkSigningKey();
  } catch (cause) {
    throw new StartError(
      'The signing key in the database cannot be read with this AUTH_SECRET: set the one it was made with, or use another database.',
      { cause },
    );
  }
}
