import { canonicalizeEmail } from '@ephemera/api';
import type { Database } from '@ephemera/db';

/** The id of the account with this e-mail address, or null. */
export async function findAccountId(database: Database, email: string): Promise<string | null> {
  const [row] = await database.read('select id from users where email = ? limit 1', [
    canonicalizeEmail(email),
  ]);
  const id = row?.['id'];
  return typeof id === 'string' ? id : null;
}
