import type { SqlValue, Statement } from '@ephemera/db';

import { auditStatement } from '../../audit/record.ts';
import type { NodeScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { isKeyTaken, readRegistered } from './read-registered.ts';
import type { Registration } from './register.ts';

/** What a node may without anybody having decided otherwise. */
export const DEFAULT_NODE_SCOPES: readonly NodeScope[] = [
  'nodes:read',
  'nodes:write-own',
  'messages:send',
  'messages:read-own',
  'metrics:read',
];

const COLUMNS = `id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata, region, status,
  last_seen_at, created_at, updated_at, scopes`;
const VALUES = `?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'registered', ?10, ?10, ?10`;

const INSERT_OPEN_SQL = `insert into nodes (${COLUMNS}) values (${VALUES}, ?11)`;
const CLAIM_SQL = `update node_registration_tokens set used_at = ?2, used_by = ?3
  where hash = ?1 and used_at is null and revoked_at is null and expires_at > ?2`;
const INSERT_BY_TOKEN_SQL = `insert into nodes (${COLUMNS})
  select ${VALUES}, scopes from node_registration_tokens where hash = ?11 and changes() > 0`;
const CAPABILITIES_SQL = `insert into node_capabilities (capability, node_id)
  select distinct value, ?1 from json_each(?2) where changes() > 0`;

export type InsertOutcome = 'stored' | 'bad_token' | 'id_taken' | 'key_taken';

export function regionOf(metadata: Readonly<Record<string, unknown>>): string | null {
  const { region } = metadata;
  return typeof region === 'string' && region !== '' ? region : null;
}

function toColumns({ input, key }: Registration, nowMs: number): SqlValue[] {
  const { id, name, type, endpoint, capabilities, metadata } = input;
  const texts = [JSON.stringify(capabilities), JSON.stringify(metadata), regionOf(metadata)];
  return [id, name, type, key.pem, key.fingerprint, endpoint, ...texts, nowMs];
}

function insertStatements(ctx: ServiceContext, registration: Registration): Statement[] {
  const { tokenHash, input } = registration;
  const nowMs = ctx.clock.now();
  const isOpen = ctx.settings.nodes.registration === 'open';
  const columns = toColumns(registration, nowMs);
  // A token that is shown counts in the open too: it may hold scopes of its own.
  const insert: Statement[] =
    isOpen && tokenHash === null
      ? [{ sql: INSERT_OPEN_SQL, args: [...columns, JSON.stringify(DEFAULT_NODE_SCOPES)] }]
      : [
          { sql: CLAIM_SQL, args: [tokenHash, nowMs, input.id] },
          { sql: INSERT_BY_TOKEN_SQL, args: [...columns, tokenHash] },
        ];
  return [
    ...insert,
    auditStatement(ctx, {
      action: 'node.register',
      target: input.id,
      result: 'ok',
      details: { bits: registration.key.bits, byToken: tokenHash !== null },
      isConditional: true,
    }),
    { sql: CAPABILITIES_SQL, args: [input.id, JSON.stringify(input.capabilities)] },
  ];
}

/** Whose the id or the key is that a unit failed over; null where it failed for another reason. */
async function findConflict(
  ctx: ServiceContext,
  { input, key }: Registration,
): Promise<InsertOutcome | null> {
  if ((await readRegistered(ctx, input.id)) !== null) return 'id_taken';
  return (await isKeyTaken(ctx, key.fingerprint)) ? 'key_taken' : null;
}

/** Node, capabilities, the token's use and the entry of the audit: all of it or nothing. */
export async function insertNode(ctx: ServiceContext, registration: Registration): Promise<InsertOutcome> {
  const { input } = registration;
  const unit = insertStatements(ctx, registration);
  try {
    const results = await ctx.database.writeAll(unit);
    return results.at(-3)?.rowsAffected === 1 ? 'stored' : 'bad_token';
  } catch (error) {
    const conflict = await findConflict(ctx, registration);
    if (conflict !== null) return conflict;
    throw new Error(`The node ${input.id} could not be stored.`, { cause: error });
  }
}

const UPDATE_SQL = `update nodes set name = ?2, type = ?3, endpoint = ?4, capabilities = ?5, metadata = ?6, region = ?7,
  last_seen_at = ?8, updated_at = ?8 where id = ?1 and key_fingerprint = ?9 and revoked_at is null`;
const DROP_CAPABILITIES_SQL = 'delete from node_capabilities where node_id = ?1';
const ADD_CAPABILITIES_SQL = `insert into node_capabilities (capability, node_id)
  select distinct value, ?1 from json_each(?2)`;

export async function updateRegistration(ctx: ServiceContext, { input, key }: Registration): Promise<void> {
  const nowMs = ctx.clock.now();
  const { id, name, type, endpoint, metadata } = input;
  const capabilities = JSON.stringify(input.capabilities);
  const told = [capabilities, JSON.stringify(metadata), regionOf(metadata)];
  await ctx.database.writeAll([
    { sql: UPDATE_SQL, args: [id, name, type, endpoint, ...told, nowMs, key.fingerprint] },
    auditStatement(ctx, {
      action: 'node.register',
      target: id,
      result: 'ok',
      details: { again: true },
      isConditional: true,
    }),
    { sql: DROP_CAPABILITIES_SQL, args: [id] },
    { sql: ADD_CAPABILITIES_SQL, args: [id, capabilities] },
  ]);
}
