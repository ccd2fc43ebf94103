import { AppError, createServiceContext, type ServiceContext } from '@ephemera/api';
import type * as z from 'zod';

import { authenticate } from '../../http/authenticate.ts';
import type { EdgeContext } from '../../http/edge-context.ts';
import { readJsonBody } from '../../http/read-body.ts';
import { toInvalidRequest } from '../../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from '../route-dependencies.ts';

/** A key, 64 capabilities and twice 16 kB of what a node says of itself. */
const BODY_RULES = { maxBytes: 65_536, contentTypes: ['application/json'] } as const;

/** Whoever shows a token. */
export async function contextOf(c: EdgeContext, { api, actors }: RouteDependencies): Promise<ServiceContext> {
  return createServiceContext(api, requestInfo(c, await authenticate(c, actors)));
}

/** An empty one is what a script sends whose variable is not set; it says nothing. */
export function readQuery(c: EdgeContext): Record<string, string> {
  return Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''));
}

/** Throws `invalid_request` that names what is wrong, by its path. */
export function parseInput<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toInvalidRequest(parsed.error);
  return parsed.data;
}

export async function readNodeBody<Output>(c: EdgeContext, schema: z.ZodType<Output>): Promise<Output> {
  return parseInput(schema, (await readJsonBody(c, BODY_RULES)) ?? {});
}

/** The one Bearer token of a request; null where there is none. */
export function readBearer(c: EdgeContext): string | null {
  const header = c.req.header('authorization');
  return header === undefined ? null : (/^Bearer ([\w.~+/-]{1,8192})$/i.exec(header)?.[1] ?? '');
}

/** A path's own part, which nothing but the query could be mistaken for. */
export function readParam<Output>(c: EdgeContext, name: string, schema: z.ZodType<Output>): Output {
  const parsed = schema.safeParse(c.req.param(name));
  if (parsed.success) return parsed.data;
  throw new AppError('not_found', 'There is no such node.');
}
