/** Refuses forged tokens as a request does, in a process of its own, and says what that asked of the database. */
import { createActorResolver } from '@ephemera/api';
import { createTestDatabase } from '@ephemera/db/testing';
import { generateKeyPairSync, randomBytes } from 'node:crypto';

import type { RefusalsMeasured } from '../forged.ts';
import { countStatements } from './count-statements.ts';

const TOKENS = 2_000;
const ISSUER = 'bench';
const KEY_ID = 'bench-key';
const SIGNATURE_BYTES = 384;
const SECONDS = 3_600;
const MS_PER_SECOND = 1_000;

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Well formed in all but the signature, and no two are alike. */
function forge(kid: string): string {
  const exp = Math.floor(Date.now() / MS_PER_SECOND) + SECONDS;
  const head = encode({ alg: 'RS256', kid });
  const body = encode({ iss: ISSUER, aud: ISSUER, sub: 'mallory', exp });
  // Zero first: no number beyond the key's, which would be refused before the signature is looked at.
  const signature = Buffer.concat([Buffer.alloc(1), randomBytes(SIGNATURE_BYTES - 1)]);
  return `${head}.${body}.${signature.toString('base64url')}`;
}

await using database = await createTestDatabase();
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });
await database.write({
  sql: "insert into jwks (id, public_key, private_key, created_at, alg) values (?1, ?2, 'none', ?3, 'RS256')",
  args: [KEY_ID, JSON.stringify(publicKey.export({ format: 'jwk' })), Date.now()],
});
const { counted, read } = countStatements(database);
const clock = { now: () => Date.now() };
const resolver = createActorResolver({ database: counted, clock, issuer: ISSUER, audience: ISSUER });

async function refuse(kid: string): Promise<void> {
  const isRefused = await resolver.fromHeader(`Bearer ${forge(kid)}`).then(
    () => false,
    (error: unknown) => String(error).includes('not valid'),
  );
  if (!isRefused) throw new Error('A forged token was not refused as such.');
}

// The keys are read once a minute, whoever asks.
await refuse(KEY_ID);
const before = read();
for (let token = 0; token < TOKENS; token += 1) await refuse(token % 2 === 0 ? KEY_ID : `unknown-${token}`);
const measured: RefusalsMeasured = { tokens: TOKENS, statements: read() - before };
process.send?.(measured);
process.disconnect();
