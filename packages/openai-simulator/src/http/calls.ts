import { type SessionConfig, sessionSchema } from '@ephemera/realtime-protocol';

import { startPeerCall } from '../calls/start-call.ts';
import { findSessionRefusal } from '../core/session-config.ts';
import { describeRefusal } from '../core/validation.ts';
import { InvalidOfferError } from '../engine/sdp.ts';
import type { Simulation } from '../simulation.ts';
import { parseForm, parseJson, readPart } from './body.ts';
import { readBearer, requireProjectKey } from './credentials.ts';
import type { ApiContext } from './environment.ts';
import { type ApiError, createApiError, toResponse } from './errors.ts';

type CallRequest = { offer: string; asked: SessionConfig | undefined };

const refuse = (message: string, param: string | null, code: string | null): ApiError =>
  createApiError(400, { message, param, code });

function parseSession(text: string | null): SessionConfig | undefined | ApiError {
  if (text === null || text.trim() === '') return undefined;
  const json = parseJson(text);
  if (!json.ok) return refuse("Invalid 'session': not valid JSON.", 'session', 'invalid_json');
  const parsed = sessionSchema.safeParse(json.value);
  if (!parsed.success) {
    const refusal = describeRefusal(parsed.error, json.value);
    return createApiError(400, {
      ...refusal,
      param: refusal.param === null ? 'session' : `session.${refusal.param}`,
    });
  }
  const refusal = findSessionRefusal(parsed.data);
  return refusal === null ? parsed.data : createApiError(400, refusal);
}

async function parseRequest(c: ApiContext): Promise<CallRequest | ApiError> {
  const contentType = c.req.header('content-type') ?? '';
  const bytes = c.get('bytes');
  if (contentType.startsWith('application/sdp')) return { offer: bytes.toString('utf8'), asked: undefined };
  if (!contentType.startsWith('multipart/form-data')) {
    const message = `Unsupported content type: '${contentType}'. Supported are 'application/sdp' and 'multipart/form-data'.`;
    return refuse(message, null, 'unsupported_content_type');
  }
  const form = await parseForm(contentType, bytes);
  const offer = form === null ? null : await readPart(form, 'sdp');
  if (form === null || offer === null)
    return refuse("Missing required parameter: 'sdp'.", 'sdp', 'missing_required_parameter');
  const asked = parseSession(await readPart(form, 'session'));
  return asked !== undefined && 'status' in asked ? asked : { offer, asked };
}

export async function createCallFromOffer(simulation: Simulation, c: ApiContext): Promise<Response> {
  const request = await parseRequest(c);
  if ('status' in request) return toResponse(request);
  const key = readBearer(c.req.header('authorization'));
  const faults = simulation.faults.take({ stage: 'call', method: c.req.method, path: c.req.path, key });
  const start = {
    credential: c.get('credential'),
    asked: request.asked,
    safetyIdentifier: c.req.header('openai-safety-identifier') ?? null,
    faults,
  };
  try {
    const { call, answer } = await startPeerCall(simulation, start, request.offer);
    return new Response(answer, {
      status: 201,
      headers: { 'content-type': 'application/sdp', location: `/v1/realtime/calls/${call.id}` },
    });
  } catch (error) {
    if (!(error instanceof InvalidOfferError)) throw error;
    return toResponse(refuse(`Failed to parse the SDP offer: ${error.message}.`, 'sdp', 'invalid_offer'));
  }
}

export function hangUpCall(simulation: Simulation, c: ApiContext): Response {
  const refusal = requireProjectKey(c.get('credential'));
  if (refusal !== null) return toResponse(refusal);
  const id = c.req.param('id') ?? '';
  const call = simulation.calls.findActive(id);
  if (call === null) {
    const message = `No active call found with id '${id}'.`;
    return toResponse(createApiError(404, { message, param: 'call_id', code: 'call_id_not_found' }));
  }
  call.hangUp();
  return new Response(null, { status: 200 });
}
