import type { Database, SqlRow } from '@ephemera/db';

import { createBoundedCache } from '../bounded-cache.ts';
import type { NodeScope } from '../auth/scopes.ts';
import { NODE_SCOPES } from '../auth/scopes.ts';
import type { Clock, NodeActor } from '../context.ts';

/** So long another process may still see a node as it was, a revoked one too. This one forgets at once. */
const KNOWN_MS = 5_000;
const MAX_KNOWN = 10_000;

export type KnownNode = { actor: NodeActor; publicKey: string };

export type NodeBook = {
  /** A node that may act; null: there is none, or it was revoked. */
  find: (nodeId: string) => Promise<KnownNode | null>;
  /** The same, as the database has it now. */
  read: (nodeId: string) => Promise<KnownNode | null>;
  forget: (nodeId: string) => void;
};

const FIND_SQL = 'select id, name, scopes, public_key from nodes where id = ?1 and revoked_at is null';

/** Whatever a row holds: only what a node can be given. */
export function readNodeScopes(value: unknown): NodeScope[] {
  const stored: unknown = JSON.parse(String(value));
  return NODE_SCOPES.filter((scope) => Array.isArray(stored) && stored.includes(scope));
}

function toKnown(row: SqlRow): KnownNode {
  const actor: NodeActor = {
    kind: 'node',
    id: String(row['id']),
    name: String(row['name']),
    scopes: readNodeScopes(row['scopes']),
  };
  return { actor, publicKey: String(row['public_key']) };
}

/** The nodes that have asked lately, each remembered for a few seconds. */
export function createNodeBook({ database, clock }: { database: Database; clock: Clock }): NodeBook {
  const known = createBoundedCache<{ node: KnownNode | null; atMs: number }>(MAX_KNOWN);

  async function read(nodeId: string): Promise<KnownNode | null> {
    const atMs = clock.now();
    const [row] = await database.read(FIND_SQL, [nodeId]);
    const node = row === undefined ? null : toKnown(row);
    known.set(nodeId, { node, atMs });
    return node;
  }

  return {
    read,
    find: async (nodeId) => {
      const entry = known.get(nodeId);
      // Negative where the clock was set back: nobody knows then how old it is.
      const ageMs = entry === undefined ? Number.NaN : clock.now() - entry.atMs;
      return entry !== undefined && ageMs >= 0 && ageMs < KNOWN_MS ? entry.node : await read(nodeId);
    },
    forget: (nodeId) => {
      known.delete(nodeId);
    },
  };
}
