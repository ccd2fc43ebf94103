import {
  AppError,
  createServiceContext,
  nodeFields,
  refreshNodeTokens,
  registerNode,
  requestChallenge,
  type ServiceContext,
  verifyChallenge,
} from '@ephemera/api';
import * as z from 'zod';

import { authenticate } from '../../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../../http/edge-context.ts';
import { requestInfo, type RouteDependencies } from '../route-dependencies.ts';
import { toNodeBody, toTokenBody } from './node-views.ts';
import { readBearer, readNodeBody } from './read-input.ts';

/** Unknown members are ignored: clients post their whole configuration. */
export const registerSchema = z.object({
  node_id: nodeFields.id,
  name: nodeFields.name,
  type: nodeFields.type,
  capabilities: nodeFields.capabilities,
  public_key: nodeFields.publicKey,
  endpoint: nodeFields.endpoint,
  metadata: nodeFields.metadata.nullish(),
});

export const loginSchema = z.object({ node_id: nodeFields.id });

export const verifySchema = z.object({
  node_id: nodeFields.id,
  challenge: nodeFields.challenge,
  signature: nodeFields.signature,
});

const NO_STORE = { 'cache-control': 'no-store' };

/** Whoever asks; a node that registers again may show its token. */
async function identify(c: EdgeContext, { api, actors }: RouteDependencies): Promise<ServiceContext> {
  const hasToken = c.req.header('authorization') !== undefined;
  const actor = hasToken ? await authenticate(c, actors) : ({ kind: 'anonymous' } as const);
  return createServiceContext(api, requestInfo(c, actor));
}

function anonymousContext(c: EdgeContext, { api }: RouteDependencies): ServiceContext {
  return createServiceContext(api, requestInfo(c, { kind: 'anonymous' }));
}

/** `POST /api/v1/auth/register` */
export function createRegisterRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await identify(c, deps);
    const body = await readNodeBody(c, registerSchema);
    const input = {
      id: body.node_id,
      name: body.name,
      type: body.type,
      capabilities: body.capabilities,
      publicKey: body.public_key,
      endpoint: body.endpoint,
      metadata: body.metadata ?? {},
    };
    const { node, isNew } = await registerNode(ctx, input, c.req.header('x-registration-token') ?? null);
    c.get('note').actor = `node:${node.id}`;
    const answer = { ...toNodeBody(node), scopes: node.scopes, created_at: node.createdAt };
    return answerJson(c, answer, { status: isNew ? 201 : 200 });
  };
}

/** `POST /api/v1/auth/login`: the same for a node that nobody knows. */
export function createLoginRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const { node_id: nodeId } = await readNodeBody(c, loginSchema);
    const { challenge, expiresAt } = await requestChallenge(anonymousContext(c, deps), { nodeId });
    return answerJson(c, { challenge, expires_at: expiresAt }, { headers: NO_STORE });
  };
}

/** `POST /api/v1/auth/verify` */
export function createVerifyRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const { node_id: nodeId, challenge, signature } = await readNodeBody(c, verifySchema);
    const tokens = await verifyChallenge(anonymousContext(c, deps), { nodeId, challenge, signature });
    c.get('note').actor = `node:${nodeId}`;
    return answerJson(c, toTokenBody(tokens), { headers: NO_STORE });
  };
}

/** `POST /api/v1/auth/refresh`, with the refresh token as the Bearer token; a body is not looked at. */
export function createRefreshRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const token = readBearer(c);
    if (token === null) {
      throw new AppError(
        'unauthenticated',
        'This needs a refresh token in the Authorization header (Bearer …).',
      );
    }
    const tokens = await refreshNodeTokens(anonymousContext(c, deps), token);
    return answerJson(c, toTokenBody(tokens), { headers: NO_STORE });
  };
}
