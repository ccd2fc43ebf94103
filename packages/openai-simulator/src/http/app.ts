import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import { REALTIME_MODELS, TRANSCRIPTION_MODELS } from '../core/models.ts';
import type { Simulation } from '../simulation.ts';
import { createAdminRoutes } from './admin.ts';
import { createCallFromOffer, hangUpCall } from './calls.ts';
import { createClientSecret } from './client-secrets.ts';
import type { ApiContext, ApiEnvironment } from './environment.ts';
import { BETA_REFUSAL, createApiError, toResponse } from './errors.ts';
import { corsHeaders, nameRequest, refuseBeta, requireCredential, strikeFaults } from './middleware.ts';
import { createTranscription } from './transcriptions.ts';

const MAXIMUM_BODY_BYTES = 26 * 1024 * 1024;
const MODELS_CREATED_AT = 1_756_252_800;

function listModels(c: ApiContext): Response {
  const data = [...REALTIME_MODELS, ...TRANSCRIPTION_MODELS].map((id) => ({
    id,
    object: 'model',
    created: MODELS_CREATED_AT,
    owned_by: 'system',
  }));
  return c.json({ object: 'list', data });
}

function refuseUnknownUrl(c: ApiContext): Response {
  const message = `Invalid URL (${c.req.method} ${c.req.path})`;
  return toResponse(createApiError(404, { message, param: null, code: null }));
}

const refuseTooLarge = () =>
  toResponse(
    createApiError(413, { message: 'Maximum content size limit exceeded.', param: null, code: null }),
  );

const refuseRetired = () => toResponse(createApiError(400, BETA_REFUSAL));

/** The whole HTTP surface: the provider's routes under `/v1`, ours under `/_simulator`. */
export function createApp(simulation: Simulation): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.route('/_simulator', createAdminRoutes(simulation));
  app.use('/v1/*', corsHeaders);
  app.use('/v1/*', bodyLimit({ maxSize: MAXIMUM_BODY_BYTES, onError: refuseTooLarge }));
  app.use('/v1/*', nameRequest(simulation), strikeFaults(simulation), requireCredential(simulation));
  app.use('/v1/realtime/*', refuseBeta);
  app.post('/v1/realtime/client_secrets', (c) => createClientSecret(simulation, c));
  app.post('/v1/realtime/calls', (c) => createCallFromOffer(simulation, c));
  app.post('/v1/realtime/calls/:id/hangup', (c) => hangUpCall(simulation, c));
  app.post('/v1/realtime/sessions', refuseRetired);
  app.post('/v1/realtime/transcription_sessions', refuseRetired);
  app.post('/v1/audio/transcriptions', (c) => createTranscription(simulation, c));
  app.get('/v1/models', listModels);
  app.notFound(refuseUnknownUrl);
  app.onError((error, c) => {
    simulation.options.peer.onTrouble(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    const message = 'The server had an error while processing your request. Sorry about that!';
    return toResponse(createApiError(500, { message, param: null, code: null }));
  });
  return app;
}
