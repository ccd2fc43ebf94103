import { checkKeyring, type KeyFingerprint, type Vault } from '@ephemera/api';
import type { Database, Statement } from '@ephemera/db';

import { DEMO_GEMINI_KEY, DEMO_KEY_SECRETS } from '../demo-defaults.ts';

export type DemoKeyParts = { database: Database; vault: Vault; fingerprint: KeyFingerprint };

type DemoKey = {
  number: number;
  provider: 'openai' | 'gemini';
  name: string;
  secret: string;
  limitDomain: string | null;
  weight: number;
  /** By hour before now, the nearest first: uses and errors. */
  hours: readonly (readonly [uses: number, errors: number])[];
  lastError: string | null;
};

/** A day as it might have been: a busy key, a quieter one with a few limits hit, one for work at night. */
const KEYS: readonly DemoKey[] = [
  {
    number: 1,
    provider: 'openai',
    name: 'Voice app, team A',
    secret: DEMO_KEY_SECRETS.teamA,
    limitDomain: 'proj_demo_voice',
    weight: 2,
    hours: [
      [14, 0],
      [31, 0],
      [44, 1],
      [52, 0],
      [49, 0],
      [38, 0],
      [22, 0],
      [9, 0],
      [3, 0],
      [1, 0],
    ],
    lastError: 'server_error',
  },
  {
    number: 2,
    provider: 'openai',
    name: 'Voice app, team B',
    secret: DEMO_KEY_SECRETS.teamB,
    limitDomain: 'proj_demo_voice_b',
    weight: 1,
    hours: [
      [7, 0],
      [16, 2],
      [21, 3],
      [25, 1],
      [24, 0],
      [18, 0],
      [11, 0],
      [4, 0],
      [2, 0],
    ],
    lastError: 'rate_limit_exceeded',
  },
  {
    number: 3,
    provider: 'openai',
    name: 'Night batch',
    secret: DEMO_KEY_SECRETS.batch,
    limitDomain: 'proj_demo_batch',
    weight: 1,
    hours: [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      [2, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [26, 0],
      [33, 0],
      [29, 0],
      [12, 0],
    ],
    lastError: null,
  },
  {
    number: 4,
    provider: 'gemini',
    name: 'Captions (record only)',
    secret: DEMO_GEMINI_KEY,
    limitDomain: null,
    weight: 1,
    hours: [
      [5, 0],
      [8, 0],
      [6, 0],
      [9, 0],
      [7, 0],
      [2, 0],
    ],
    lastError: null,
  },
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const INSERT_KEY = `insert into provider_keys (id, provider, name, source, limit_domain, last_four, fingerprint,
    ciphertext, kek_version, weight, state, state_since, usage_count, error_count, last_used_at, last_error,
    last_error_at, created_at, created_by)
  values (?1, ?2, ?3, 'stored', ?4, ?5, ?6, ?7, ?8, ?9, 'active', ?10, ?11, ?12, ?13, ?14, ?15, ?10, 'demo')
  on conflict do nothing`;
const INSERT_HOUR = `insert into provider_key_hours (key_id, hour_start, uses, errors)
  select ?1, ?2, ?3, ?4 from provider_keys where id = ?1 and created_by = 'demo' on conflict do nothing`;
const LIST = "select id, provider, ciphertext from provider_keys where created_by = 'demo'";
const DELETE = "delete from provider_keys where id = ?1 and created_by = 'demo'";

/**
 * Puts the simulator's keys, with a past, into the pool: once for a database, each marked as demo data. With a keyring
 * that does not fit it writes nothing: what it sealed would make that keyring look right, and all other rows broken.
 */
export async function seedDemoKeys(parts: DemoKeyParts, nowMs: number): Promise<void> {
  if (!(await checkKeyring(parts.database, parts.vault)).ok) return;
  await removeDamaged(parts);
  const known = new Set((await parts.database.read(LIST)).map((row) => row['id']));
  for (const key of KEYS) {
    if (!known.has(idOf(key))) await parts.database.writeAll(await createStatements(parts, key, nowMs));
  }
}

/** They belong to the simulator; a real provider would reject them one by one. */
export async function removeDemoKeys(database: Database): Promise<void> {
  for (const row of await database.read(LIST))
    await database.write({ sql: DELETE, args: [String(row['id'])] });
}

function idOf({ number }: DemoKey): string {
  return `pkey_00000000000000000000dem0${String(number).padStart(2, '0')}`;
}

/** The keyring fits, so it is the row that is broken: demo keys are simply made again. */
async function removeDamaged({ database, vault }: DemoKeyParts): Promise<void> {
  for (const row of await database.read(LIST)) {
    const id = String(row['id']);
    const [opened] = await Promise.allSettled([
      vault.open({ id, provider: String(row['provider']), ciphertext: String(row['ciphertext']) }),
    ]);
    if (opened.status === 'rejected') await database.write({ sql: DELETE, args: [id] });
  }
}

async function createStatements(
  { vault, fingerprint }: DemoKeyParts,
  key: DemoKey,
  nowMs: number,
): Promise<Statement[]> {
  const id = idOf(key);
  const { provider, secret } = key;
  const { ciphertext, kekVersion } = await vault.seal({ id, provider, secret });
  const hourStart = nowMs - (nowMs % HOUR_MS);
  const uses = key.hours.reduce((sum, [count]) => sum + count, 0);
  const errors = key.hours.reduce((sum, [, count]) => sum + count, 0);
  const lastUsed = key.hours.findIndex(([count]) => count > 0);
  const lastFailed = key.hours.findIndex(([, count]) => count > 0);
  return [
    {
      sql: INSERT_KEY,
      args: [
        id,
        provider,
        key.name,
        key.limitDomain,
        secret.slice(-4),
        await fingerprint(provider, secret),
        ciphertext,
        kekVersion,
        key.weight,
        nowMs - DAY_MS,
        uses,
        errors,
        hourStart - lastUsed * HOUR_MS,
        key.lastError,
        lastFailed === -1 ? null : hourStart - lastFailed * HOUR_MS,
      ],
    },
    ...key.hours.map(([count, failed], index) => ({
      sql: INSERT_HOUR,
      args: [id, hourStart - index * HOUR_MS, count, failed],
    })),
  ];
}
