import { base64url } from 'jose';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { statusTerms } from './find.ts';
import type { NodeFilter } from './list-query.ts';
import { listStatement } from './list-query.ts';
import type { NodeView } from './view.ts';
import { toNodeView } from './view.ts';

export type ListNodesInput = NodeFilter & { limit?: number | undefined; cursor?: string | undefined };
export type NodePage = { items: NodeView[]; nextCursor: string | null };

const DEFAULT_LIMIT = 50;
/** What a machine that looks for others is told of, unless it asks for more. */
export const DISCOVERED: readonly string[] = ['reachable'];
const CURSOR = /^after\.([A-Za-z\d][\w.:-]{0,127})$/;

function encodeCursor(id: string): string {
  return base64url.encode(`after.${id}`);
}

function decodeCursor(cursor: string): string {
  // A text of another length is no base64 at all.
  const isEncoded = /^[\w-]{1,256}$/.test(cursor) && cursor.length % 4 !== 1;
  const id = isEncoded ? CURSOR.exec(new TextDecoder().decode(base64url.decode(cursor)))?.[1] : undefined;
  if (id !== undefined && encodeCursor(id) === cursor) return id;
  throw new AppError('invalid_request', 'The cursor is not one of ours.', { details: { param: 'cursor' } });
}

/** The directory, without those that were revoked. */
export async function listNodes(ctx: ServiceContext, input: ListNodesInput): Promise<NodePage> {
  requireScope(ctx, 'nodes:read');
  const limit = input.limit ?? DEFAULT_LIMIT;
  const terms = statusTerms(ctx);
  const afterId = input.cursor === undefined ? '' : decodeCursor(input.cursor);
  const { sql, args } = listStatement(input, { afterId, limit: limit + 1, terms });
  const rows = await ctx.database.read(sql, args);
  const items = rows.slice(0, limit).map((row) => toNodeView(row, terms));
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null };
}
