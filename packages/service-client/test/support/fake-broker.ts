import { fromPem } from '../../src/nodes/encoding.ts';

export type SeenCall = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
};
export type Behaviour = (call: SeenCall) => Response | null | Promise<Response | null>;

type WireMessage = Record<string, unknown> & { id: string };
type Stream = { controller: ReadableStreamDefaultController<Uint8Array>; close: () => void };

const PSS = { name: 'RSA-PSS', hash: 'SHA-256' } as const;
const ENCODER = new TextEncoder();

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ title: `no: ${code}`, status, code }, { status, headers });
}

/** A text member of a request's body; empty where there is none. */
export function readBodyText(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : '';
}

async function isSigned(pem: string, text: string, signature: string): Promise<boolean> {
  const der = fromPem('PUBLIC KEY', pem);
  if (der === null) return false;
  const key = await crypto.subtle.importKey('spki', der, PSS, false, ['verify']);
  const params = { name: 'RSA-PSS', saltLength: 32 };
  return await crypto.subtle.verify(params, key, Buffer.from(signature, 'hex'), ENCODER.encode(text));
}

/** The broker's part of the node contract as a `fetch`, which does as it is told by `behave` first. */
export function createFakeBroker() {
  const calls: SeenCall[] = [];
  const nodes = new Map<string, string>();
  const challenges = new Map<string, string>();
  const accessTokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const streams = new Set<Stream>();
  const mailbox: WireMessage[] = [];
  const state = { count: 0, behave: null as Behaviour | null, lifeSeconds: 600 };

  const issue = (): Response => {
    state.count += 1;
    const [access, refresh] = [`access-${state.count}-CANARY`, `refresh-${state.count}-CANARY`];
    accessTokens.add(access);
    refreshTokens.add(refresh);
    return Response.json({
      access_token: access,
      refresh_token: refresh,
      token_type: 'Bearer',
      expires_in: state.lifeSeconds,
    });
  };

  const toNode = (id: string) => ({
    node_id: id,
    name: id,
    type: 'compute',
    capabilities: [],
    endpoint: 'https://node.example.test',
    status: 'registered',
    load: null,
    available_resources: null,
    metadata: {},
    last_seen: null,
    scopes: ['messages:send'],
    public_key: nodes.get(id),
  });

  const openStream = (call: SeenCall): Response => {
    const after = Number(call.headers.get('last-event-id') ?? 0);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.add({ controller, close: () => controller.close() });
        controller.enqueue(ENCODER.encode(': open\n\n'));
        for (const [index, message] of mailbox.entries()) {
          if (index + 1 > after) controller.enqueue(ENCODER.encode(toEvent(index + 1, message)));
        }
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  const publicRoutes: Record<string, (call: SeenCall) => Response | Promise<Response>> = {
    '/api/v1/auth/register': ({ body }) => {
      const id = readBodyText(body, 'node_id');
      const isNew = !nodes.has(id);
      nodes.set(id, readBodyText(body, 'public_key'));
      return Response.json(toNode(id), { status: isNew ? 201 : 200 });
    },
    '/api/v1/auth/login': ({ body }) => {
      const challenge = `challenge-${(state.count += 1)}`;
      challenges.set(challenge, readBodyText(body, 'node_id'));
      return Response.json({ challenge, expires_at: new Date().toISOString() });
    },
    '/api/v1/auth/verify': async ({ body }) => {
      const challenge = readBodyText(body, 'challenge');
      const id = challenges.get(challenge);
      challenges.delete(challenge);
      const pem = nodes.get(id ?? '');
      const isGood = pem !== undefined && (await isSigned(pem, challenge, readBodyText(body, 'signature')));
      return isGood ? issue() : problem(401, 'unauthenticated');
    },
    '/api/v1/auth/refresh': ({ headers }) =>
      refreshTokens.delete(headers.get('authorization')?.slice(7) ?? '')
        ? issue()
        : problem(401, 'unauthenticated'),
    '/api/v1/health': () =>
      Response.json({ status: 'down', uptime: 1, version: '1', checks: {} }, { status: 503 }),
  };

  const answer = (call: SeenCall): Response => {
    const { path } = call;
    if (path.startsWith('/api/v1/messages/pending/')) return Response.json({ messages: mailbox });
    if (path.startsWith('/api/v1/messages/stream/')) return openStream(call);
    if (path.endsWith('/read')) return Response.json({ id: path.split('/').at(-2) });
    if (path === '/api/v1/messages/send') {
      return Response.json({ message_id: 'msg_1', accepted: ['b'], rejected: [] });
    }
    if (path.endsWith('/heartbeat')) {
      const serverTime = new Date().toISOString();
      return Response.json({ acknowledged: true, server_time: serverTime, next_heartbeat_in: 30 });
    }
    if (path === '/api/v1/nodes')
      return Response.json({ nodes: [...nodes.keys()].map(toNode), next_cursor: null });
    const id = path.split('/').at(-1) ?? '';
    return nodes.has(id) ? Response.json(toNode(id)) : problem(404, 'not_found');
  };

  const fakeFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const text = await request.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    const { method, headers } = request;
    const call = { method, path: url.pathname, query: url.searchParams, headers, body };
    calls.push(call);
    const told = await state.behave?.(call);
    if (told !== null && told !== undefined) return told;
    const open = publicRoutes[call.path];
    if (open !== undefined) return await open(call);
    const isKnown = accessTokens.has(headers.get('authorization')?.slice(7) ?? '');
    return isKnown ? answer(call) : problem(401, 'unauthenticated');
  };

  return {
    fetch: fakeFetch,
    calls,
    count: (path: string) => calls.filter((call) => call.path === path).length,
    /** What it answers instead; null: as by the contract. */
    behave: (behaviour: Behaviour | null) => void (state.behave = behaviour),
    know: (id: string, pem: string) => void nodes.set(id, pem),
    setTokenLife: (seconds: number) => void (state.lifeSeconds = seconds),
    /** From now on no access token is good. */
    forgetAccessTokens: () => accessTokens.clear(),
    forgetRefreshTokens: () => refreshTokens.clear(),
    /** Puts it into the mailbox and tells the streams. */
    deliver: (message: WireMessage) => {
      mailbox.push(message);
      for (const { controller } of streams)
        controller.enqueue(ENCODER.encode(toEvent(mailbox.length, message)));
    },
    empty: () => void mailbox.splice(0),
    endStreams: () => {
      for (const { close } of streams) close();
      streams.clear();
    },
  };
}

function toEvent(seq: number, message: WireMessage): string {
  return `id: ${seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}

export function refuse(status: number, headers: Record<string, string> = {}): Behaviour {
  return () => problem(status, 'told_so', headers);
}

export function createWireMessage(id: string, more: Record<string, unknown> = {}): WireMessage {
  return {
    id,
    from_node: 'sender',
    message_type: 'command',
    content: { of: id },
    priority: 'normal',
    created_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    metadata: {},
    ...more,
  };
}
