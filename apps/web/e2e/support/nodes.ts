import { constants, generateKeyPairSync, sign } from 'node:crypto';

import type { Host } from './host.ts';

export type RealNode = {
  id: string;
  name: string;
  beat: (status: string) => Promise<void>;
  send: (toNodes: readonly string[], messageType: string) => Promise<void>;
  /** Marks all that waits as read. */
  readAll: () => Promise<number>;
  /** What an answer to its token says. */
  status: () => Promise<number>;
};

type Answer = Record<string, unknown>;

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** A machine as the contract has it: it registers over REST, proves its key, beats and writes. */
export async function createRealNode(
  host: Host,
  id: string,
  { registrationToken, region = 'eu-central' }: { registrationToken?: string; region?: string } = {},
): Promise<RealNode> {
  const api = `${host.url}/api/v1`;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const name = `Node ${id}`;
  const registration = {
    node_id: id,
    name,
    type: 'voice-worker',
    capabilities: ['speech', 'routing'],
    public_key: publicKey.export({ type: 'spki', format: 'pem' }),
    endpoint: 'https://worker.example.test:8443',
    metadata: { region, version: '3.1.0' },
  };
  const shown: Record<string, string> =
    registrationToken === undefined ? {} : { 'x-registration-token': registrationToken };
  await ask(`${api}/auth/register`, json(registration, shown));
  const { challenge } = await ask(`${api}/auth/login`, json({ node_id: id }));
  const signature = sign('sha256', Buffer.from(String(challenge)), {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
  }).toString('hex');
  const tokens = await ask(`${api}/auth/verify`, json({ node_id: id, challenge, signature }));
  const authorization = `Bearer ${String(tokens['access_token'])}`;
  return {
    id,
    name,
    beat: async (status) => {
      const metrics = { cpu_usage: 41.5, memory_usage: 63, network_in: 20_480 };
      const body = { timestamp: new Date().toISOString(), status, metrics };
      await ask(`${api}/nodes/${id}/heartbeat`, json(body, { authorization }));
    },
    send: async (toNodes, messageType) => {
      const body = {
        from_node: id,
        to_nodes: toNodes,
        message_type: messageType,
        content: { secret: 'between us' },
        priority: 'high',
      };
      await ask(`${api}/messages/send`, json(body, { authorization }));
    },
    readAll: async () => {
      const { messages } = await ask(`${api}/messages/pending/${id}`, { headers: { authorization } });
      const waiting = Array.isArray(messages) ? messages : [];
      for (const message of waiting) {
        await ask(`${api}/messages/${message.id}/read`, { method: 'PUT', headers: { authorization } });
      }
      return waiting.length;
    },
    status: async () => (await fetch(`${api}/nodes/${id}`, { headers: { authorization } })).status,
  };
}
