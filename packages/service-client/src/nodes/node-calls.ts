import type { Runtime } from '../runtime.ts';
import {
  type DirectoryNode,
  type NodeDetails,
  type NodeFilter,
  type NodePage,
  type NodeUpdate,
  readNode,
  readNodeDetails,
  readNodePage,
  toQuery,
  toUpdateBody,
} from './directory.ts';
import {
  type MessageCryptoParts,
  type OpenedMessage,
  openMessage,
  sealContent,
  type Trust,
} from './message-crypto.ts';
import {
  type OutgoingMessage,
  type PendingMessage,
  readMessages,
  readReceipt,
  type SendReceipt,
} from './messages.ts';
import { type Answer, type Call, type NodeHttp, type OpenAnswer, parseJson } from './node-http.ts';
import { createInvalidAnswer, type NodeSession } from './node-session.ts';
import { isObject, type JsonObject, readNumber, readText } from './readers.ts';

export type CallOptions = { signal?: AbortSignal | undefined };

export type Heartbeat = {
  /** `healthy` by default. */
  status?: string;
  /** Numbers by name: `cpu_usage`, `memory_usage`, … */
  metrics?: Readonly<Record<string, number>>;
};
export type HeartbeatReceipt = {
  /** ISO 8601. */
  serverTime: string;
  nextHeartbeatInSeconds: number;
};

export type BrokerHealth = {
  status: 'ok' | 'degraded' | 'down';
  /** Seconds. */
  uptime: number | null;
  version: string | null;
  checks: JsonObject;
};

/** What a node can ask of the broker, one request each. All of them throw `NodeClientError`. */
export type NodeCalls = {
  /** One page of the directory: who can be reached, unless `status` asks for others. */
  listNodes: (
    filter?: NodeFilter & { limit?: number; cursor?: string },
    options?: CallOptions,
  ) => Promise<NodePage>;
  /** All nodes that fit, page by page. */
  findNodes: (filter?: NodeFilter, options?: CallOptions) => AsyncIterable<DirectoryNode>;
  /** Also of a node that is silent. */
  getNode: (id: string, options?: CallOptions) => Promise<NodeDetails>;
  /** Tells the directory anew about this node. */
  update: (update: NodeUpdate, options?: CallOptions) => Promise<DirectoryNode>;
  /** One sign of life; `startHeartbeat` gives them by itself. */
  sendHeartbeat: (heartbeat?: Heartbeat, options?: CallOptions) => Promise<HeartbeatReceipt>;
  /**
   * Hands a message over; once it resolves, the message is durable. Tries again by itself under one idempotency key.
   * Recipients that it does not reach are in `rejected`; where none has room, that is an error, `mailbox_full`.
   * @example
   * await client.send({ to: 'worker-2', type: 'command', content: { run: 'backup' }, encrypt: true, sign: true });
   */
  send: (message: OutgoingMessage, options?: CallOptions) => Promise<SendReceipt>;
  /** What is unread, the highest priority first. `waitSeconds` (25 at most): waits so long for one. */
  listPending: (
    query?: { limit?: number; waitSeconds?: number },
    options?: CallOptions,
  ) => Promise<readonly PendingMessage[]>;
  /** Decrypts and checks what `listPending` gave. `listen` does it by itself. */
  openMessage: (message: PendingMessage, trust?: Partial<Trust>) => Promise<OpenedMessage>;
  markRead: (messageId: string, options?: CallOptions) => Promise<void>;
  /** How the broker is; also when it says that it is down. */
  getHealth: (options?: CallOptions) => Promise<BrokerHealth>;
  /** Prometheus text, or OpenMetrics. */
  getMetrics: (format?: 'prometheus' | 'openmetrics', options?: CallOptions) => Promise<string>;
};

export type NodeCallsParts = {
  nodeId: string;
  http: NodeHttp;
  session: NodeSession;
  runtime: Runtime;
  crypto: MessageCryptoParts;
};

export const DEFAULT_TTL_SECONDS = 3_600;
const METRICS_TYPES = {
  prometheus: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
} as const;

/** Throws `invalid_answer` for what `read` cannot read. */
function readAnswer<T>(answer: Answer, origin: string, read: (body: unknown) => T | null): T {
  const value = read(parseJson(answer.text));
  if (value === null) throw createInvalidAnswer(answer, origin);
  return value;
}

function get(path: string, { signal }: CallOptions): Call {
  return { method: 'GET', path, isRepeatable: true, signal };
}

function write(
  method: 'POST' | 'PUT',
  path: string,
  { body, signal }: CallOptions & { body?: unknown },
): Call {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return { method, path, isRepeatable: true, signal, ...text };
}

function readHeartbeatReceipt(body: unknown): HeartbeatReceipt | null {
  if (!isObject(body)) return null;
  const serverTime = readText(body['server_time']);
  const nextHeartbeatInSeconds = readNumber(body['next_heartbeat_in']);
  return serverTime === null || nextHeartbeatInSeconds === null
    ? null
    : { serverTime, nextHeartbeatInSeconds };
}

function readHealth(body: unknown): BrokerHealth | null {
  if (!isObject(body)) return null;
  const { status, uptime, version, checks } = body;
  if (status !== 'ok' && status !== 'degraded' && status !== 'down') return null;
  return {
    status,
    uptime: readNumber(uptime),
    version: readText(version),
    checks: isObject(checks) ? checks : {},
  };
}

function createDirectoryCalls({ nodeId, session, http, runtime }: NodeCallsParts) {
  const { origin } = http;
  const self = `/api/v1/nodes/${encodeURIComponent(nodeId)}`;
  const listNodes: NodeCalls['listNodes'] = async (filter = {}, options = {}) =>
    readAnswer(await session.call(get(`/api/v1/nodes${toQuery(filter)}`, options)), origin, readNodePage);
  return {
    listNodes,
    async *findNodes(filter = {}, options = {}) {
      let cursor: string | undefined;
      do {
        const page = await listNodes({ ...filter, ...(cursor === undefined ? {} : { cursor }) }, options);
        yield* page.nodes;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    },
    getNode: async (id, options = {}) =>
      readAnswer(
        await session.call(get(`/api/v1/nodes/${encodeURIComponent(id)}`, options)),
        origin,
        readNodeDetails,
      ),
    update: async (update, { signal } = {}) =>
      readAnswer(
        await session.call(write('PUT', self, { body: toUpdateBody(update), signal })),
        origin,
        readNode,
      ),
    sendHeartbeat: async ({ status = 'healthy', metrics = {} } = {}, { signal } = {}) => {
      const timestamp = new Date(runtime.clock.now()).toISOString();
      const body = { timestamp, status, metrics };
      const answer = await session.call(write('POST', `${self}/heartbeat`, { body, signal }));
      return readAnswer(answer, origin, readHeartbeatReceipt);
    },
  } satisfies Partial<NodeCalls>;
}

function createMessageCalls({ nodeId, session, http, runtime, crypto }: NodeCallsParts) {
  const { origin } = http;
  const pending = `/api/v1/messages/pending/${encodeURIComponent(nodeId)}`;
  return {
    send: async (message, { signal } = {}) => {
      const { type, content, encrypt = false, sign = false, ttlSeconds = DEFAULT_TTL_SECONDS } = message;
      const to = typeof message.to === 'string' ? [message.to] : message.to;
      const sealing = { to, type, content, ttlSeconds, encrypt, sign, signal };
      const body = {
        from_node: nodeId,
        to_nodes: to,
        message_type: type,
        content: encrypt || sign ? await sealContent(crypto, sealing) : (content ?? null),
        priority: message.priority ?? 'normal',
        ttl: ttlSeconds,
        metadata: message.metadata ?? {},
        idempotency_key: message.idempotencyKey ?? runtime.randomId(),
      };
      const answer = await session.call(write('POST', '/api/v1/messages/send', { body, signal }));
      return readAnswer(answer, origin, readReceipt);
    },
    listPending: async ({ limit, waitSeconds = 0 } = {}, options = {}) => {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set('limit', String(limit));
      if (waitSeconds > 0) query.set('wait', String(waitSeconds));
      const path = query.size === 0 ? pending : `${pending}?${query.toString()}`;
      const answer = await session.call({ ...get(path, options), extraMs: waitSeconds * 1_000 });
      return readAnswer(answer, origin, readMessages);
    },
    openMessage: async (message, trust = {}) =>
      await openMessage(crypto, message, { requireSignature: false, requireEncryption: false, ...trust }),
    markRead: async (messageId, { signal } = {}) => {
      await session.call(write('PUT', `/api/v1/messages/${encodeURIComponent(messageId)}/read`, { signal }));
    },
  } satisfies Partial<NodeCalls>;
}

export function createNodeCalls(parts: NodeCallsParts): NodeCalls {
  const { session, http } = parts;
  return {
    ...createDirectoryCalls(parts),
    ...createMessageCalls(parts),
    getHealth: async (options = {}) =>
      readAnswer(
        await http.call({ ...get('/api/v1/health', options), alsoGood: 503 }),
        http.origin,
        readHealth,
      ),
    getMetrics: async (format = 'prometheus', options = {}) => {
      const headers = { accept: METRICS_TYPES[format] };
      return (await session.call({ ...get('/api/v1/metrics', options), headers })).text;
    },
  };
}

/** The mailbox as a stream of server-sent events, from after `lastEventId` on. */
export async function openMailbox(
  { nodeId, session }: Pick<NodeCallsParts, 'nodeId' | 'session'>,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<OpenAnswer> {
  const path = `/api/v1/messages/stream/${encodeURIComponent(nodeId)}`;
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
  };
  return await session.open({ ...get(path, { signal }), headers });
}
