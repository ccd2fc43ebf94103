import { readBaseUrl } from '../base-url.ts';
import { createRuntime, type Runtime } from '../runtime.ts';
import type { RegisteredNode } from './directory.ts';
import { type HeartbeatOptions, startHeartbeat } from './heartbeat-loop.ts';
import { createLog, type Log, type NodeLogEntry } from './log.ts';
import type { NodeLoop } from './loops.ts';
import type { MessageCryptoParts } from './message-crypto.ts';
import { type ListenOptions, startListening } from './message-loop.ts';
import { type CallOptions, createNodeCalls, type NodeCalls } from './node-calls.ts';
import { NodeClientError } from './node-error.ts';
import { type Call, createNodeHttp, type NodeHttp } from './node-http.ts';
import type { NodeKeys } from './node-keys.ts';
import { NodeSession } from './node-session.ts';
import { PublicKeys, type PublicKeysOptions } from './public-keys.ts';
import { type NodeDescription, registerAndSignIn } from './registration.ts';
import { createReplayGuard, type ReplayGuard } from './replay-guard.ts';
import { type RunOptions, runNode } from './run-node.ts';
import { joinSignals } from './waiting.ts';

export type NodeClientOptions = Partial<Runtime> & {
  /** The broker, for instance `https://broker.example`. https, or http on loopback. */
  baseUrl: string;
  node: NodeDescription;
  /** From `generateNodeKeys` or `importNodeKeys`. */
  keys: NodeKeys;
  /** Where the broker lets nodes in by token only; it is needed once. */
  registrationToken?: string | undefined;
  /** Deadline of one try of a request, in milliseconds; 10 000 by default. */
  requestTimeoutMs?: number;
  /** How often a request is tried that can be repeated; 3 by default. */
  maxTries?: number;
  /** How long `close()` waits for handlers that run, in milliseconds; 5 000 by default. */
  closeTimeoutMs?: number;
  /** Told of what the client does, a line at a time. What it throws is ignored. */
  onLog?: (entry: NodeLogEntry) => void;
  /** Another source of nodes' public keys (PEM) than the broker's directory; null: no such node. */
  findPublicKey?: (nodeId: string) => Promise<string | null>;
  /** Where envelopes are remembered, so that copies are refused; in memory by default. */
  replayGuard?: ReplayGuard;
  /** Closes the client. */
  signal?: AbortSignal;
  /** Allows http off loopback: only inside a network that you trust. */
  allowPlainHttp?: boolean;
};

/** A machine in the node network. One for a process and identity: it holds the tokens. */
export type NodeClient = NodeCalls &
  AsyncDisposable & {
    readonly nodeId: string;
    /**
     * Registers (or tells anew what this node is) and signs in.
     * @throws NodeClientError `forbidden` when registration needs a token or is closed, `conflict` when the id or the key is
     * another node's, `unauthorized` when the node was revoked, `invalid_request` with `param`
     */
    connect: (options?: CallOptions) => Promise<RegisteredNode>;
    /** A good access token, for another client that goes to the same broker (`createKeyClient`'s `secret`). */
    getAccessToken: (options?: CallOptions) => Promise<string>;
    /** Signs of life, from now until stopped. */
    startHeartbeat: (options?: HeartbeatOptions) => NodeLoop;
    /** Runs each message through its handler, from now until stopped. */
    listen: (options: ListenOptions) => NodeLoop;
    /**
     * All of it: connects, beats, and listens until `signal` or `close()` ends it. Rejects when the broker does not let this
     * node in.
     * @example
     * await client.run({ handlers: { command: (message, { reply }) => reply({ done: true }) }, signal });
     */
    run: (options: RunOptions) => Promise<void>;
    /** Ends the loops, lets handlers end, and then whatever is still under way. The client cannot be used after. */
    close: () => Promise<void>;
  };

const DEFAULTS = { requestTimeoutMs: 10_000, maxTries: 3, closeTimeoutMs: 5_000, allowPlainHttp: false };

type Settings = NodeClientOptions & typeof DEFAULTS;

/** Everything of a client that is alive. */
type Core = {
  settings: Settings;
  runtime: Runtime;
  log: Log;
  http: NodeHttp;
  session: NodeSession;
  calls: NodeCalls;
  closing: AbortController;
};

/**
 * @throws NodeClientError `invalid_options`
 * @example
 * const { keys } = await generateNodeKeys();
 * const client = createNodeClient({ baseUrl: 'https://broker.example', node, keys });
 * await client.connect();
 */
export function createNodeClient(options: NodeClientOptions): NodeClient {
  const core = createCore(applyDefaults(options));
  const { settings, runtime, log, http, session, calls, closing } = core;
  const { closeTimeoutMs } = settings;
  const nodeId = settings.node.id;
  const loops = new Set<NodeLoop>();

  const keep = (start: () => NodeLoop): NodeLoop => {
    requireOpen(closing.signal);
    const loop = start();
    loops.add(loop);
    void loop.done.catch(() => undefined).finally(() => loops.delete(loop));
    return loop;
  };

  const connect: NodeClient['connect'] = async ({ signal } = {}) => {
    requireOpen(closing.signal);
    const { node, keys, registrationToken } = settings;
    const parts = { node, publicKeyPem: keys.publicKeyPem, registrationToken, http, session, log };
    const registered = await registerAndSignIn(parts, signal);
    log('info', 'node.connected', { status: registered.status });
    return registered;
  };

  const beat: NodeClient['startHeartbeat'] = (beating = {}) =>
    keep(() => startHeartbeat({ runtime, log, sendHeartbeat: calls.sendHeartbeat }, beating));
  const listen: NodeClient['listen'] = (listening) =>
    keep(() => startListening({ runtime, log, session, calls, nodeId, closeTimeoutMs }, listening));

  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= closeAll(core, loops);
    return closed;
  };
  if (settings.signal?.aborted === true) void close();
  settings.signal?.addEventListener('abort', () => void close(), { once: true });

  return {
    ...calls,
    nodeId,
    connect,
    getAccessToken: async ({ signal } = {}) => {
      requireOpen(closing.signal);
      return await session.getToken(signal);
    },
    startHeartbeat: beat,
    listen,
    run: (running) => runNode({ runtime, log, connect, startHeartbeat: beat, listen }, running),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function applyDefaults(options: NodeClientOptions): Settings {
  const { requestTimeoutMs, maxTries, closeTimeoutMs, allowPlainHttp } = options;
  const settings = {
    ...options,
    requestTimeoutMs: requestTimeoutMs ?? DEFAULTS.requestTimeoutMs,
    maxTries: maxTries ?? DEFAULTS.maxTries,
    closeTimeoutMs: closeTimeoutMs ?? DEFAULTS.closeTimeoutMs,
    allowPlainHttp: allowPlainHttp ?? DEFAULTS.allowPlainHttp,
  };
  if (!(settings.requestTimeoutMs > 0) || !(settings.closeTimeoutMs >= 0)) {
    throw new NodeClientError('invalid_options', 'Time-outs are numbers of milliseconds.');
  }
  if (!Number.isInteger(settings.maxTries) || settings.maxTries < 1) {
    throw new NodeClientError('invalid_options', 'maxTries must be a whole number from 1.');
  }
  return settings;
}

function createClosed(): NodeClientError {
  return new NodeClientError('closed', "This node's client was closed.");
}

function requireOpen(closing: AbortSignal): void {
  if (closing.aborted) throw createClosed();
}

/** Whatever is under way ends with the client. */
function limitToLife(http: NodeHttp, closing: AbortSignal): NodeHttp {
  const limit = (call: Call): Call => ({ ...call, signal: joinSignals(closing, call.signal) });
  return {
    origin: http.origin,
    call: (call) => http.call(limit(call)),
    open: (call) => http.open(limit(call)),
  };
}

function createCore(settings: Settings): Core {
  const read = readBaseUrl(settings.baseUrl, settings.allowPlainHttp);
  if (!read.ok) throw new NodeClientError('invalid_options', read.problem);
  const { requestTimeoutMs, maxTries, node, keys } = settings;
  const nodeId = node.id;
  const closing = new AbortController();
  const runtime = createRuntime(settings);
  const { clock, randomId } = runtime;
  const log = createLog(nodeId, settings.onLog);
  const direct = createNodeHttp({ ...read, requestTimeoutMs, maxTries }, { runtime, log });
  const http = limitToLife(direct, closing.signal);
  const session = new NodeSession({ nodeId, keys, http, runtime, log, maxTries, closing: closing.signal });
  const find: PublicKeysOptions['find'] = async (id, signal) =>
    settings.findPublicKey === undefined
      ? await findInDirectory(calls, id, signal)
      : await settings.findPublicKey(id);
  const crypto: MessageCryptoParts = {
    nodeId,
    keys,
    publicKeys: new PublicKeys({ clock, find }),
    replays: settings.replayGuard ?? createReplayGuard(() => clock.now()),
    clock,
    randomId,
  };
  const calls = createNodeCalls({ nodeId, http, session, runtime, crypto });
  return { settings, runtime, log, http, session, calls, closing };
}

async function findInDirectory(
  calls: NodeCalls,
  id: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    return (await calls.getNode(id, { signal })).publicKey;
  } catch (error) {
    if (error instanceof NodeClientError && error.code === 'not_found') return null;
    throw error;
  }
}

/** Handlers end, and mark their messages as read, before the requests do. */
async function closeAll({ closing, log }: Core, loops: ReadonlySet<NodeLoop>): Promise<void> {
  await Promise.all([...loops].map((loop) => loop.stop()));
  closing.abort(createClosed());
  log('info', 'node.closed');
}
