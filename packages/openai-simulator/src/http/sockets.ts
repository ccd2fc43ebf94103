import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { type RawData, type WebSocket, WebSocketServer } from 'ws';

import { createCall, type StartRequest } from '../calls/start-call.ts';
import { createEventAudioOutput } from '../core/audio-output.ts';
import { isRealtimeModel } from '../core/models.ts';
import type { Refusal } from '../core/validation.ts';
import { endsRequest, type FaultAction } from '../faults/fault.ts';
import type { Simulation } from '../simulation.ts';
import { authenticate, type Credential, readBearer } from './credentials.ts';
import { type ApiError, BETA_REFUSAL, createApiError } from './errors.ts';
import { describeFault } from './middleware.ts';

type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer };

type Plan =
  | { kind: 'session'; asked: StartRequest['asked'] }
  | { kind: 'sideband'; callId: string }
  | { kind: 'refused'; refusal: Refusal };

const PROTOCOL = 'realtime';
const KEY_PROTOCOL = 'openai-insecure-api-key.';
const REALTIME_PATH = '/v1/realtime';
const REFUSED_CODE = 4_000;
const HANDSHAKE_GARBAGE =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>not a socket</html>';

const refused = (message: string, param: string | null, code: string): Plan => ({
  kind: 'refused',
  refusal: { message, param, code },
});

const readProtocols = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());

function readToken(request: IncomingMessage): string | null {
  const offered = readProtocols(request).find((protocol) => protocol.startsWith(KEY_PROTOCOL));
  return readBearer(request.headers.authorization) ?? offered?.slice(KEY_PROTOCOL.length) ?? null;
}

function asksForBeta(request: IncomingMessage): boolean {
  const header = request.headers['openai-beta'];
  if (typeof header === 'string' && header.includes('realtime')) return true;
  return readProtocols(request).some((protocol) => protocol.startsWith('openai-beta.realtime'));
}

/** What the query asks for: a model, a transcription or a seat beside a running call; exactly one of them. */
function planSocket(query: URLSearchParams, credential: Credential): Plan {
  const [model, intent, callId] = [query.get('model'), query.get('intent'), query.get('call_id')];
  if (callId !== null) {
    if (credential.kind === 'key') return { kind: 'sideband', callId };
    return refused('An ephemeral token cannot be used with call_id.', 'call_id', 'invalid_api_key');
  }
  if (intent === 'transcription') return { kind: 'session', asked: { type: 'transcription' } };
  if (intent !== null)
    return refused(
      `Invalid value: '${intent}'. Supported values are: 'transcription'.`,
      'intent',
      'invalid_value',
    );
  if (model === null) {
    if (credential.kind === 'secret') return { kind: 'session', asked: undefined };
    return refused('You must provide a model parameter.', 'model', 'missing_model');
  }
  if (!isRealtimeModel(model)) {
    return refused(
      `The model \`${model}\` does not exist or you do not have access to it.`,
      'model',
      'model_not_found',
    );
  }
  if (credential.kind === 'secret') return { kind: 'session', asked: undefined };
  return { kind: 'session', asked: { type: 'realtime', model } };
}

function refuseUpgrade(socket: Duplex, error: ApiError, requestId: string): void {
  const body = JSON.stringify(error.body);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
    ...error.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${error.status} Refused`, ...lines, '', body].join('\r\n'));
}

function closeRefused(socket: WebSocket, simulation: Simulation, refusal: Refusal): void {
  const type = 'invalid_request_error';
  const error = { type, ...refusal, event_id: null };
  socket.send(JSON.stringify({ type: 'error', event_id: simulation.options.createId('event_'), error }));
  socket.close(REFUSED_CODE, `${type}.${refusal.code}`);
}

const readText = (data: RawData): string =>
  new TextDecoder().decode(Array.isArray(data) ? Buffer.concat(data) : data);

function attachSession(simulation: Simulation, socket: WebSocket, request: StartRequest): void {
  const call = createCall(simulation, request, {
    kind: 'websocket',
    output: createEventAudioOutput(simulation.options.clock),
    send: (text) => socket.send(text),
    closeChannel: () => socket.close(1_011),
    close: () => socket.close(1_000),
    findSelectedPair: () => null,
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) call.session.receive(readText(data));
  });
  socket.on('close', () => call.end());
  call.start();
}

function attachSideband(simulation: Simulation, socket: WebSocket, callId: string): void {
  const call = simulation.calls.findActive(callId);
  if (call === null) {
    const message = `No active call found with id '${callId}'.`;
    closeRefused(socket, simulation, { message, param: 'call_id', code: 'call_id_not_found' });
    return;
  }
  const leave = call.observe({ send: (text) => socket.send(text), close: () => socket.close(1_000) });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) call.session.receive(readText(data));
  });
  socket.on('close', leave);
}

/** Does one fault; true means that the handshake ends here. */
async function strike(
  simulation: Simulation,
  upgrade: Upgrade,
  fault: { action: FaultAction; requestId: string },
): Promise<boolean> {
  const { action, requestId } = fault;
  if (action.kind === 'delay') await sleep(action.ms);
  if (action.kind === 'expire_secrets') simulation.secrets.expire(readToken(upgrade.request));
  if (action.kind === 'status') refuseUpgrade(upgrade.socket, describeFault(action), requestId);
  if (action.kind === 'garbage') upgrade.socket.end(action.body ?? HANDSHAKE_GARBAGE);
  if (action.kind === 'drop') upgrade.socket.destroy();
  return endsRequest(action);
}

function logUpgrade(simulation: Simulation, request: IncomingMessage, url: URL): string {
  const id = simulation.options.createId('req_');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  simulation.log.add({
    id,
    at: new Date().toISOString(),
    kind: 'upgrade',
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: null,
    status: null,
  });
  return id;
}

async function admit(simulation: Simulation, sockets: WebSocketServer, upgrade: Upgrade): Promise<void> {
  const { request } = upgrade;
  const url = new URL(request.url ?? '/', 'http://simulator');
  const requestId = logUpgrade(simulation, request, url);
  const token = readToken(request);
  const probe = { method: 'GET', path: url.pathname, key: token } as const;
  for (const action of simulation.faults.take({ stage: 'upgrade', ...probe })) {
    if (await strike(simulation, upgrade, { action, requestId })) return;
  }
  if (url.pathname !== REALTIME_PATH) {
    const message = `Invalid URL (GET ${url.pathname})`;
    refuseUpgrade(upgrade.socket, createApiError(404, { message, param: null, code: null }), requestId);
    return;
  }
  const credential = authenticate(token, simulation);
  if ('status' in credential) {
    refuseUpgrade(upgrade.socket, credential, requestId);
    return;
  }
  const isBeta = asksForBeta(request);
  sockets.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
    socket.on('error', (error) => simulation.options.peer.onTrouble(`socket: ${error.message}`));
    const plan = isBeta
      ? ({ kind: 'refused', refusal: BETA_REFUSAL } as const)
      : planSocket(url.searchParams, credential);
    if (plan.kind === 'refused') closeRefused(socket, simulation, plan.refusal);
    else if (plan.kind === 'sideband') attachSideband(simulation, socket, plan.callId);
    else {
      const safetyIdentifier = request.headers['openai-safety-identifier']?.toString() ?? null;
      const faults = simulation.faults.take({ stage: 'call', ...probe });
      attachSession(simulation, socket, { credential, asked: plan.asked, safetyIdentifier, faults });
    }
  });
}

/** Handles the `upgrade` requests of both ports. */
export function createUpgradeHandler(
  simulation: Simulation,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 16 * 1024 * 1024,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  return (request, socket, head) => {
    socket.on('error', (error) => simulation.options.peer.onTrouble(`upgrade: ${error.message}`));
    admit(simulation, sockets, { request, socket, head }).catch((error: unknown) => {
      simulation.options.peer.onTrouble(`upgrade: ${String(error)}`);
      socket.destroy();
    });
  };
}
