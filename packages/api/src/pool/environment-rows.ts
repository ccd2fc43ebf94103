import type { Database, Statement } from '@ephemera/db';

import type { Clock } from '../context.ts';
import { findProvider } from '../models/provider-catalogue.ts';
import type { KeySecrets, NamedEnvironmentKey } from '../providers/key-secrets.ts';

export type EnvironmentRowsOptions = {
  database: Pick<Database, 'writeAll'>;
  clock: Clock;
  keySecrets: Pick<KeySecrets, 'listEnvironment'>;
};

type Rows<Row> = { provider: string | undefined; read: () => Promise<Row[]> };

const ADD_SQL = `insert into provider_keys
    (id, provider, name, source, last_four, fingerprint, state, state_since, created_at, created_by)
  values (?1, ?2, ?3, 'environment', ?4, ?5, 'active', ?6, ?6, 'environment') on conflict do nothing`;

/** The id follows from the key, so that every process and every start finds the same row. */
function addStatement({ provider, secret, fingerprint }: NamedEnvironmentKey, nowMs: number): Statement {
  const name = findProvider(provider)?.environmentVariable ?? provider;
  const id = `pkey_env_${fingerprint.slice(0, 16)}`;
  return { sql: ADD_SQL, args: [id, provider, name, secret.slice(-4), fingerprint, nowMs] };
}

/** Reads rows, of all providers or of one. Whoever asks first gives the environment's keys those that are missing. */
export async function readWithEnvironment<Row extends { provider: string; fingerprint: string }>(
  { database, clock, keySecrets }: EnvironmentRowsOptions,
  { provider, read }: Rows<Row>,
): Promise<Row[]> {
  const rows = await read();
  const missing = (await keySecrets.listEnvironment()).filter(
    (key) =>
      (provider === undefined || key.provider === provider) &&
      !rows.some((row) => row.provider === key.provider && row.fingerprint === key.fingerprint),
  );
  if (missing.length === 0) return rows;
  await database.writeAll(missing.map((key) => addStatement(key, clock.now())));
  return await read();
}
