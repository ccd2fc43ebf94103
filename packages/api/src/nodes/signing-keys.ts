import type { Database, SqlRow, Statement } from '@ephemera/db';
import { base64url, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { JWK } from 'jose';
import * as z from 'zod';

import type { Clock } from '../context.ts';
import { toHex } from '../hmac.ts';

const ALG = 'EdDSA';
const ROTATE_AFTER_MS = 30 * 24 * 3_600_000;
/** Longer than the last token that a key has signed, and than another process goes on signing with it. */
export const RETIRED_KEPT_MS = 20 * 60_000;
const RELOAD_MS = 30_000;
/** For a key that another process has just made. */
const RELOAD_UNKNOWN_MS = 250;

export type NodeSigningKeys = {
  /** The one that signs now; made, or replaced by a new one, when it is time. */
  current: () => Promise<{ kid: string; key: CryptoKey }>;
  findPublic: (kid: string) => Promise<CryptoKey | null>;
  listPublic: () => Promise<JWK[]>;
  /** A new one signs from now on; the ones before it verify until their last token has expired. */
  rotate: (beside?: readonly Statement[]) => Promise<{ kid: string }>;
};

type Entry = {
  kid: string;
  jwk: JWK;
  publicKey: CryptoKey;
  sealed: string;
  createdAtMs: number;
  retiredAtMs: number | null;
};

const LIST_SQL = `select kid, alg, public_key, private_key, created_at, retired_at from node_signing_keys
  where retired_at is null or retired_at > ?1 order by created_at desc, kid`;
const RETIRE_SQL = `update node_signing_keys set retired_at = ?1 where retired_at is null and created_at <= ?2`;
const INSERT_SQL = `insert into node_signing_keys (kid, alg, public_key, private_key, created_at)
  select ?1, '${ALG}', ?2, ?3, ?4 where not exists (select 1 from node_signing_keys where retired_at is null)`;
const PRUNE_SQL = 'delete from node_signing_keys where retired_at <= ?1';

const jwkSchema = z.looseObject({ kty: z.string() });

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALG);
  if (key instanceof Uint8Array) throw new TypeError('A signing key of the nodes is no asymmetric key.');
  return key;
}

async function readEntry(row: SqlRow): Promise<Entry> {
  const jwk = jwkSchema.parse(JSON.parse(String(row['public_key'])));
  const retiredAt = row['retired_at'];
  return {
    kid: String(row['kid']),
    jwk,
    publicKey: await importKey(jwk),
    sealed: String(row['private_key']),
    createdAtMs: Number(row['created_at']),
    retiredAtMs: retiredAt === null ? null : Number(retiredAt),
  };
}

/** AES-256-GCM under a key that is derived from the deployment's secret; the key's id is authenticated with it. */
function createSeal(secret: string) {
  const encoder = new TextEncoder();
  let sealKey: CryptoKey | undefined;

  async function keyOf(): Promise<CryptoKey> {
    if (sealKey !== undefined) return sealKey;
    const base = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
    sealKey = await crypto.subtle.deriveKey(
      {
        name: 'HKDF',
        hash: 'SHA-256',
        salt: new Uint8Array(32),
        info: encoder.encode('ephemera node signing key'),
      },
      base,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    );
    return sealKey;
  }

  return {
    seal: async (kid: string, text: string): Promise<string> => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(kid) };
      const sealed = await crypto.subtle.encrypt(algorithm, await keyOf(), encoder.encode(text));
      return `${base64url.encode(iv)}.${base64url.encode(new Uint8Array(sealed))}`;
    },
    open: async (kid: string, sealed: string): Promise<string> => {
      const [iv = '', text = ''] = sealed.split('.');
      const algorithm = {
        name: 'AES-GCM',
        iv: new Uint8Array(base64url.decode(iv)),
        additionalData: encoder.encode(kid),
      };
      const opened = await crypto.subtle.decrypt(
        algorithm,
        await keyOf(),
        new Uint8Array(base64url.decode(text)),
      );
      return new TextDecoder().decode(opened);
    },
  };
}

type Options = { database: Database; clock: Clock; secret: string };

/** Makes keys in the database: of several processes that do it at once, one wins. */
function createKeyMaker({ database, clock, secret }: Options) {
  const { seal } = createSeal(secret);

  return async (retireUpToMs: number, beside: readonly Statement[]): Promise<void> => {
    const nowMs = clock.now();
    const pair = await generateKeyPair(ALG, { extractable: true });
    const kid = `nsk_${toHex(crypto.getRandomValues(new Uint8Array(12)))}`;
    const [publicJwk, privateJwk] = await Promise.all([
      exportJWK(pair.publicKey),
      exportJWK(pair.privateKey),
    ]);
    const sealed = await seal(kid, JSON.stringify(privateJwk));
    await database.writeAll([
      { sql: RETIRE_SQL, args: [nowMs, retireUpToMs] },
      { sql: INSERT_SQL, args: [kid, JSON.stringify(publicJwk), sealed, nowMs] },
      { sql: PRUNE_SQL, args: [nowMs - RETIRED_KEPT_MS] },
      ...beside,
    ]);
  };
}

/** The keys that sign the nodes' access tokens. Values are remembered, never promises. */
export function createNodeSigningKeys(options: Options): NodeSigningKeys {
  const { database, clock, secret } = options;
  const { open } = createSeal(secret);
  const makeKey = createKeyMaker(options);
  let entries: readonly Entry[] = [];
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  let reads = 0;
  let newestRead = 0;
  let opened: { kid: string; key: CryptoKey } | null = null;

  async function load(maxAgeMs: number): Promise<readonly Entry[]> {
    const nowMs = clock.now();
    if (nowMs - loadedAtMs < maxAgeMs) return entries;
    reads += 1;
    const read = reads;
    const rows = await database.read(LIST_SQL, [nowMs - RETIRED_KEPT_MS]);
    const found = await Promise.all(rows.map(readEntry));
    // A slow read from before a rotation does not bring the retired key back.
    if (read < newestRead) return entries;
    [newestRead, entries, loadedAtMs] = [read, found, nowMs];
    return entries;
  }

  function findActive(known: readonly Entry[]): Entry | undefined {
    const bornAfterMs = clock.now() - ROTATE_AFTER_MS;
    return known.find(({ retiredAtMs, createdAtMs }) => retiredAtMs === null && createdAtMs > bornAfterMs);
  }

  async function findOrMake(): Promise<Entry> {
    const known = findActive(await load(RELOAD_MS)) ?? findActive(await load(0));
    if (known !== undefined) return known;
    await makeKey(clock.now() - ROTATE_AFTER_MS, []);
    const made = findActive(await load(0));
    if (made === undefined) throw new Error('There is no key to sign the tokens of nodes with.');
    return made;
  }

  return {
    current: async () => {
      const { kid, sealed } = await findOrMake();
      if (opened?.kid === kid) return opened;
      const jwk = jwkSchema.parse(JSON.parse(await open(kid, sealed)));
      opened = { kid, key: await importKey(jwk) };
      return opened;
    },
    findPublic: async (kid) => {
      const find = (known: readonly Entry[]) => known.find((entry) => entry.kid === kid);
      const found = find(await load(RELOAD_MS)) ?? find(await load(RELOAD_UNKNOWN_MS));
      return found?.publicKey ?? null;
    },
    listPublic: async () =>
      (await load(RELOAD_UNKNOWN_MS)).map(({ jwk, kid }) => ({ ...jwk, kid, alg: ALG, use: 'sig' })),
    rotate: async (beside = []) => {
      await makeKey(clock.now(), beside);
      // What is remembered has the key that was just retired.
      await load(0);
      const { kid } = await findOrMake();
      return { kid };
    },
  };
}
