import { ACCESS_KEY_SCOPES, type AccessKeySecrets } from '@ephemera/api';
import type { Database } from '@ephemera/db';

import { DEMO_DEFAULTS } from '../demo-defaults.ts';

const INSERT_SQL = `insert into access_keys (id, name, environment, hash, last_four, scopes, created_at, created_by)
  values ('key_00000000000000000000dem001', 'Demo app', 'test', ?1, ?2, ?3, ?4, 'demo')
  on conflict do nothing`;

/**
 * The well-known key of the demo, once for a database: who revoked it finds it revoked. A deployment has another
 * AUTH_SECRET, under which nobody knows it.
 */
export async function seedDemoAccessKey(
  { database, accessKeySecrets }: { database: Database; accessKeySecrets: AccessKeySecrets },
  nowMs: number,
): Promise<void> {
  const key = DEMO_DEFAULTS.accessKey;
  const hash = await accessKeySecrets.hash(key);
  const args = [hash, key.slice(-4), JSON.stringify(ACCESS_KEY_SCOPES), nowMs];
  await database.write({ sql: INSERT_SQL, args });
}
