import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import * as z from 'zod';

import type { TestHost } from './host.ts';

/** What a node needs of a host. */
export type NodeHost = Pick<TestHost, 'fetch' | 'post'>;

export type KeyPair = { privateKey: KeyObject; pem: string };

/** An RSA pair as the contract's client makes one. */
export function createKeyPair(modulusLength = 2_048, publicExponent = 65_537): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

const bank: KeyPair[] = [];
const taken = new WeakMap<NodeHost, number>();

/**
 * One that no other node of this host has. Primes take a while, so the next host meets the same ones; behind a bare
 * address there may be a host that has met them already.
 */
function takeKeyPair(host: NodeHost): KeyPair {
  if (!('dataFolder' in host)) return createKeyPair();
  const index = taken.get(host) ?? 0;
  taken.set(host, index + 1);
  return (bank[index] ??= createKeyPair());
}

type SignOptions = { padding?: number; saltLength?: number; hash?: string };

/** In hex, as that client writes it: RSA-PSS with the longest salt, unless a test wants another. */
export function signChallenge(key: KeyObject, text: string, options: SignOptions = {}): string {
  const {
    padding = constants.RSA_PKCS1_PSS_PADDING,
    saltLength = constants.RSA_PSS_SALTLEN_MAX_SIGN,
    hash = 'sha256',
  } = options;
  const isPss = padding === constants.RSA_PKCS1_PSS_PADDING;
  return sign(hash, Buffer.from(text), { key, padding, ...(isPss ? { saltLength } : {}) }).toString('hex');
}

export const tokensSchema = z.strictObject({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
});
export const challengeSchema = z.strictObject({ challenge: z.string(), expires_at: z.iso.datetime() });

export type NodeBody = Record<string, unknown> & { node_id: string };

export function registrationOf(id: string, { pem }: Pick<KeyPair, 'pem'>, more: object = {}): NodeBody {
  return {
    node_id: id,
    name: `Node ${id}`,
    type: 'gateway',
    capabilities: ['routing', 'storage'],
    public_key: pem,
    endpoint: `https://${id}.example.test:8443`,
    metadata: { region: 'eu-west-1', version: '2.0.0' },
    ...more,
  };
}

export function register(host: NodeHost, body: object, headers: HeadersInit = {}): Promise<Response> {
  return host.post('/api/v1/auth/register', body, { token: null, headers });
}

export async function requestChallenge(host: NodeHost, id: string): Promise<string> {
  const response = await host.post('/api/v1/auth/login', { node_id: id }, { token: null });
  return challengeSchema.parse(await response.json()).challenge;
}

export function verify(host: NodeHost, body: object): Promise<Response> {
  return host.post('/api/v1/auth/verify', body, { token: null });
}

/** Proves who the node is and gives the answer as it came. */
export async function logIn(host: NodeHost, id: string, { privateKey }: KeyPair): Promise<Response> {
  const challenge = await requestChallenge(host, id);
  return await verify(host, { node_id: id, challenge, signature: signChallenge(privateKey, challenge) });
}

export type TestNode = {
  id: string;
  keys: KeyPair;
  token: string;
  refreshToken: string;
  /** With the node's token. */
  send: (method: string, path: string, body?: unknown) => Promise<Response>;
};

/** Sends JSON with a token. */
export function sendAs(host: NodeHost, token: string) {
  return (method: string, path: string, body?: unknown): Promise<Response> =>
    host.fetch(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

type JoinOptions = { more?: object; registrationToken?: string; keys?: KeyPair | undefined };

/** A node that is registered and logged in. The host needs NODE_REGISTRATION=open, or a registration token. */
export async function joinNetwork(
  host: NodeHost,
  id: string,
  { more = {}, registrationToken, keys = takeKeyPair(host) }: JoinOptions = {},
): Promise<TestNode> {
  const headers: HeadersInit =
    registrationToken === undefined ? {} : { 'x-registration-token': registrationToken };
  const registered = await register(host, registrationOf(id, keys, more), headers);
  if (!registered.ok) throw new Error(`The registration answered ${await registered.text()}.`);
  const tokens = tokensSchema.parse(await (await logIn(host, id, keys)).json());
  return {
    id,
    keys,
    token: tokens.access_token,
    refreshToken: tokens.refresh_token,
    send: sendAs(host, tokens.access_token),
  };
}

export const nodePageSchema = z.object({
  nodes: z.array(
    z.looseObject({ node_id: z.string(), status: z.string(), last_seen: z.string().nullable() }),
  ),
  next_cursor: z.string().nullable(),
});

export async function readPage(node: TestNode, query: string) {
  const response = await node.send('GET', `/api/v1/nodes?${query}`);
  if (response.status !== 200) throw new Error(await response.text());
  return nodePageSchema.parse(await response.json());
}

export async function idsOf(node: TestNode, query: string): Promise<string[]> {
  return (await readPage(node, query)).nodes.map((it) => it.node_id);
}

/** The body of a heartbeat. */
export const beatNow = () => ({
  timestamp: new Date().toISOString(),
  status: 'healthy',
  metrics: { cpu_usage: 1 },
});

/** A host by its address alone. */
export function reachHost(url: string): NodeHost {
  const reach: NodeHost['fetch'] = (path, init) => fetch(`${url}${path}`, init);
  return {
    fetch: reach,
    post: (path, body, { token = null, headers } = {}) =>
      reach(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...Object.fromEntries(new Headers(headers)),
        },
      }),
  };
}
