import type { Statement } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { findNode } from './find.ts';
import { requireNodeItself } from './require-node.ts';
import type { NodeDetail } from './view.ts';

export type UpdateNodeInput = {
  id: string;
  status?: string | undefined;
  load?: number | undefined;
  availableResources?: Readonly<Record<string, unknown>> | undefined;
  /** Put over what is there; a member that is null is taken away. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
  lastSeenAtMs?: number | undefined;
};

const MAX_METADATA_CHARS = 16_384;
const MAX_SKEW_MS = 300_000;

/** One statement, so that nothing another request put in is lost; `region` follows what the metadata become. */
const UPDATE_SQL = `update nodes set
    status = coalesce(?2, status),
    load = coalesce(?3, load),
    available_resources = coalesce(?4, available_resources),
    metadata = json_patch(metadata, coalesce(?5, '{}')),
    region = case when json_type(json_patch(metadata, coalesce(?5, '{}')), '$.region') = 'text'
      then nullif(json_extract(json_patch(metadata, coalesce(?5, '{}')), '$.region'), '') end,
    last_seen_at = case when ?6 is null then last_seen_at else max(coalesce(last_seen_at, 0), ?6) end,
    updated_at = ?7
  where id = ?1 and revoked_at is null
    and length(json_patch(metadata, coalesce(?5, '{}'))) <= ${MAX_METADATA_CHARS}`;

/** A node may write itself, an operator any. */
function requireWriter(ctx: ServiceContext, id: string): { isItself: boolean } {
  const actor = requireScope(ctx, 'nodes:write-own');
  if (actor.kind === 'node') {
    requireNodeItself(ctx, id);
    return { isItself: true };
  }
  requireScope(ctx, 'nodes:write');
  return { isItself: false };
}

/** What a node says of its own last sign of life is believed up to now; that it says anything is one as well. */
function findLastSeen(nowMs: number, toldMs: number | undefined, isItself: boolean): number | null {
  if (toldMs === undefined) return isItself ? nowMs : null;
  if (toldMs > nowMs + MAX_SKEW_MS) {
    const details = { param: 'last_seen' };
    throw new AppError('invalid_request', 'last_seen is in the future.', { details });
  }
  return Math.min(toldMs, nowMs);
}

function toJson(value: Readonly<Record<string, unknown>> | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function updateStatement(ctx: ServiceContext, input: UpdateNodeInput, isItself: boolean): Statement {
  const nowMs = ctx.clock.now();
  const lastSeenMs = findLastSeen(nowMs, input.lastSeenAtMs, isItself);
  const { id, status = null, load = null } = input;
  const told = [toJson(input.availableResources), toJson(input.metadata)];
  return { sql: UPDATE_SQL, args: [id, status, load, ...told, lastSeenMs, nowMs] };
}

export async function updateNode(ctx: ServiceContext, input: UpdateNodeInput): Promise<NodeDetail> {
  const { id } = input;
  const { isItself } = requireWriter(ctx, id);
  const unit: Statement[] = [updateStatement(ctx, input, isItself)];
  if (!isItself) {
    unit.push(auditStatement(ctx, { action: 'node.update', target: id, result: 'ok', isConditional: true }));
  }
  const [updated] = await ctx.database.writeAll(unit);
  const node = await findNode(ctx, id);
  if (updated?.rowsAffected === 1) return node;
  throw new AppError('invalid_request', `The metadata are longer than ${MAX_METADATA_CHARS} characters.`, {
    details: { param: 'metadata' },
  });
}
