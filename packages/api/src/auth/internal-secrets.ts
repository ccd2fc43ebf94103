import type { InternalActor } from '../context.ts';
import { isSameBytes } from '../same-bytes.ts';

/** A secret with which a service of ours calls. Several at once, so that they can be rotated. */
export type NamedSecret = { name: string; secret: string };

export type InternalSecrets = {
  /** The caller by an `Authorization: Bearer …` header; null when it carries none of the secrets. */
  find: (authorization: string | undefined) => Promise<InternalActor | null>;
};

type Digested = { name: string; digest: Uint8Array };

const BEARER = /^Bearer +([\x21-\x7e]{1,1024})$/i;

async function digestOf(secret: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)));
}

/**
 * Compares digests, never secrets, and always with all of them: the time taken tells neither how much of a guess is
 * right, nor how long a secret is, nor which one it was held against.
 */
export function createInternalSecrets(secrets: readonly NamedSecret[]): InternalSecrets {
  // Values, not promises: on Workers a promise dies with the request that made it.
  let known: readonly Digested[] | undefined;

  async function digestAll(): Promise<readonly Digested[]> {
    return await Promise.all(
      secrets.map(async ({ name, secret }) => ({ name, digest: await digestOf(secret) })),
    );
  }

  return {
    find: async (authorization) => {
      const presented = BEARER.exec(authorization ?? '')?.[1];
      if (presented === undefined) return null;
      const digest = await digestOf(presented);
      known ??= await digestAll();
      let found: InternalActor | null = null;
      for (const candidate of known) {
        if (isSameBytes(candidate.digest, digest)) found = { kind: 'internal', id: candidate.name };
      }
      return found;
    },
  };
}
