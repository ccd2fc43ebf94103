import type { Database } from '@ephemera/db';

import { createBoundedCache } from '../bounded-cache.ts';
import type { Clock } from '../context.ts';
import type { NodeTokens } from './access-tokens.ts';
import { createNodeTokens } from './access-tokens.ts';
import type { Challenges } from './challenges.ts';
import { createChallenges } from './challenges.ts';
import type { NodeBook } from './node-book.ts';
import { createNodeBook } from './node-book.ts';
import { importPublicKey } from './public-key.ts';
import type { NodeSigningKeys } from './signing-keys.ts';
import { createNodeSigningKeys } from './signing-keys.ts';

const MAX_IMPORTED = 2_000;

export type NodeIdentityOptions = {
  database: Database;
  clock: Clock;
  /** AUTH_SECRET; each use of it has a label of its own. */
  secret: string;
  issuer: string;
  /** Of people's tokens; that of nodes differs. */
  audience: string;
};

/** Who the machines are: what they sign, what they are given, and who of them is known. */
export type NodeIdentity = {
  issuer: string;
  challenges: Challenges;
  tokens: NodeTokens;
  keys: NodeSigningKeys;
  book: NodeBook;
  /** A public key ready for use; importing one costs more than looking it up. */
  importKey: (pem: string) => Promise<CryptoKey>;
};

export function createNodeIdentity(options: NodeIdentityOptions): NodeIdentity {
  const { database, clock, secret, issuer } = options;
  const audience = `${options.audience}/nodes`;
  const keys = createNodeSigningKeys({ database, clock, secret: `node-signing-keys\n${secret}` });
  const imported = createBoundedCache<CryptoKey>(MAX_IMPORTED);
  return {
    issuer,
    challenges: createChallenges({ secret: `node-challenges\n${secret}`, audience, clock }),
    tokens: createNodeTokens({ keys, clock, issuer, audience }),
    keys,
    book: createNodeBook({ database, clock }),
    importKey: async (pem) => {
      const known = imported.get(pem);
      if (known !== undefined) return known;
      const key = await importPublicKey(pem);
      imported.set(pem, key);
      return key;
    },
  };
}
