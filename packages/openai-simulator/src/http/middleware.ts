import { setTimeout as sleep } from 'node:timers/promises';

import type { MiddlewareHandler } from 'hono';

import { endsRequest, type FaultAction } from '../faults/fault.ts';
import type { Simulation } from '../simulation.ts';
import { describeBody } from './body.ts';
import { authenticate, readBearer } from './credentials.ts';
import type { ApiContext, ApiEnvironment } from './environment.ts';
import { type ApiError, BETA_REFUSAL, createApiError, describeStatus, toResponse } from './errors.ts';

const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'openai-organization',
  'openai-project',
  'openai-safety-identifier',
  'x-openai-agents-sdk',
].join(', ');

/** CORS as the provider has it: any origin, few headers. A browser that sends another one is stopped by itself. */
export const corsHeaders: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  if (c.req.method === 'OPTIONS') {
    return new Response(null, {
      status: 200,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'GET, OPTIONS, POST',
        'Access-Control-Allow-Headers': ALLOWED_HEADERS,
        'Access-Control-Max-Age': '600',
      },
    });
  }
  await next();
  c.res.headers.set('Access-Control-Allow-Origin', '*');
  c.res.headers.set('Access-Control-Expose-Headers', 'Location, X-Request-Id, Retry-After, Retry-After-Ms');
  return undefined;
};

export function nameRequest(simulation: Simulation): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const id = simulation.options.createId('req_');
    const bytes = Buffer.from(await c.req.arrayBuffer());
    c.set('bytes', bytes);
    const logged = simulation.log.add({
      id,
      at: new Date().toISOString(),
      kind: 'request',
      method: c.req.method,
      path: c.req.path,
      query: c.req.query(),
      headers: c.req.header(),
      body: await describeBody(c.req.header('content-type') ?? '', bytes),
      status: null,
    });
    c.set('logged', logged);
    await next();
    logged.status = c.res.status;
    c.res.headers.set('x-request-id', id);
  };
}

export function describeFault(action: Extract<FaultAction, { kind: 'status' }>): ApiError {
  const known = describeStatus(action.status);
  const retry = action.retryAfterMs;
  const headers = {
    ...(retry === undefined
      ? {}
      : { 'retry-after-ms': String(retry), 'retry-after': String(Math.ceil(retry / 1_000)) }),
    ...action.headers,
  };
  return { status: action.status, body: action.body ?? known.body, headers };
}

const GARBAGE =
  '<html><body><h1>upstream connect error or disconnect/reset before headers</h1></body></html>';

/** Does one fault; a response means that the request ends here. */
async function strike(c: ApiContext, simulation: Simulation, action: FaultAction): Promise<Response | null> {
  const { socket } = c.env.incoming;
  if (action.kind === 'delay') await sleep(action.ms);
  if (action.kind === 'expire_secrets') simulation.secrets.expire(readBearer(c.req.header('authorization')));
  if (action.kind === 'status') return toResponse(describeFault(action));
  if (action.kind === 'garbage') {
    return new Response(action.body ?? GARBAGE, {
      headers: { 'content-type': action.contentType ?? 'text/html' },
    });
  }
  if (action.kind === 'drop') socket.destroy();
  if (action.kind === 'hang') await new Promise((resolve) => socket.once('close', resolve));
  return endsRequest(action) ? new Response(null) : null;
}

export function strikeFaults(simulation: Simulation): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const key = readBearer(c.req.header('authorization'));
    const probe = { stage: 'request', method: c.req.method, path: c.req.path, key } as const;
    for (const action of simulation.faults.take(probe)) {
      const response = await strike(c, simulation, action);
      if (response !== null) return response;
    }
    return next();
  };
}

export const refuseBeta: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  if (c.req.header('openai-beta')?.includes('realtime') !== true) return next();
  return toResponse(createApiError(400, BETA_REFUSAL));
};

export function requireCredential(simulation: Simulation): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const credential = authenticate(readBearer(c.req.header('authorization')), simulation);
    if ('status' in credential) return toResponse(credential);
    c.set('credential', credential);
    return next();
  };
}
