import { DISCOVERED, getNode, listNodes, nodeFields, recordHeartbeat, updateNode } from '@ephemera/api';
import * as z from 'zod';

import { answerJson, type EdgeContext } from '../../http/edge-context.ts';
import type { RouteDependencies } from '../route-dependencies.ts';
import { toNodeBody } from './node-views.ts';
import { contextOf, parseInput, readNodeBody, readParam, readQuery } from './read-input.ts';

const MAX_CAPABILITIES = 16;

const capabilitiesSchema = z
  .string()
  .max(2_048)
  .transform((text) => [...new Set(text.split(',').filter((part) => part !== ''))])
  .pipe(z.array(nodeFields.capability).max(MAX_CAPABILITIES));

const MAX_STATUSES = 8;

const statusesSchema = z
  .string()
  .max(512)
  .transform((text) => [...new Set(text.split(',').filter((part) => part !== ''))])
  .pipe(z.array(nodeFields.statusFilter).min(1).max(MAX_STATUSES));

export const listNodesQuery = z.object({
  type: nodeFields.type.optional(),
  capabilities: capabilitiesSchema.optional(),
  region: nodeFields.region.optional(),
  status: statusesSchema.optional(),
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'it should be a whole number')
    .transform(Number)
    .pipe(nodeFields.limit)
    .optional(),
  cursor: nodeFields.cursor.optional(),
});

export const updateNodeBody = z.object({
  status: nodeFields.status.nullish(),
  load: nodeFields.load.nullish(),
  available_resources: nodeFields.resources.nullish(),
  metadata: nodeFields.metadata.nullish(),
  last_seen: nodeFields.time.nullish(),
});

export const heartbeatBody = z.object({
  timestamp: nodeFields.time,
  status: nodeFields.status,
  metrics: nodeFields.metrics.nullish(),
});

/** `GET /api/v1/nodes`: who is there, unless it is asked for others. */
export function createListNodesRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const { status: statuses = DISCOVERED, ...query } = parseInput(listNodesQuery, readQuery(c));
    const { items, nextCursor } = await listNodes(ctx, { ...query, statuses });
    return answerJson(c, { nodes: items.map(toNodeBody), next_cursor: nextCursor });
  };
}

/** `GET /api/v1/nodes/{id}`: also the key, for whoever writes to it in secret. */
export function createGetNodeRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const node = await getNode(ctx, { id: readParam(c, 'id', nodeFields.id) });
    const more = { public_key: node.publicKey, created_at: node.createdAt };
    return answerJson(c, { ...toNodeBody(node), ...more });
  };
}

/** `PUT /api/v1/nodes/{id}` */
export function createUpdateNodeRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const id = readParam(c, 'id', nodeFields.id);
    const body = await readNodeBody(c, updateNodeBody);
    const node = await updateNode(ctx, {
      id,
      status: body.status ?? undefined,
      load: body.load ?? undefined,
      availableResources: body.available_resources ?? undefined,
      metadata: body.metadata ?? undefined,
      lastSeenAtMs: body.last_seen ?? undefined,
    });
    return answerJson(c, toNodeBody(node));
  };
}

/** `POST /api/v1/nodes/{id}/heartbeat` */
export function createHeartbeatRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const id = readParam(c, 'id', nodeFields.id);
    const body = await readNodeBody(c, heartbeatBody);
    const { timestamp: atMs, status, metrics } = body;
    const receipt = await recordHeartbeat(ctx, { id, atMs, status, metrics: metrics ?? {} });
    return answerJson(c, {
      acknowledged: true,
      server_time: receipt.serverTime,
      next_heartbeat_in: receipt.nextHeartbeatIn,
    });
  };
}
