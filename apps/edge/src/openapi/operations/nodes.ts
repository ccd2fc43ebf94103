import { NODE_SCOPES } from '@ephemera/api';
import * as z from 'zod';

import { loginSchema, registerSchema, verifySchema } from '../../routes/nodes/node-auth.ts';
import { heartbeatBody, listNodesQuery, updateNodeBody } from '../../routes/nodes/node-directory.ts';
import type { Operations } from '../operation.ts';

const time = z.iso.datetime();

const nodeShape = {
  node_id: z.string(),
  name: z.string(),
  type: z.string(),
  capabilities: z.array(z.string()),
  endpoint: z.string(),
  status: z.string(),
  load: z.number().nullable(),
  available_resources: z.record(z.string(), z.unknown()).nullable(),
  metadata: z.record(z.string(), z.unknown()),
  last_seen: time.nullable(),
};
const nodeSchema = z.strictObject(nodeShape);
const tokensSchema = z.strictObject({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
});
const registered = {
  name: 'RegisteredNode',
  schema: z.strictObject({ ...nodeShape, scopes: z.array(z.enum(NODE_SCOPES)), created_at: time }),
};
const tokens = { name: 'NodeTokens', schema: tokensSchema };
const node = { name: 'Node', schema: nodeSchema };
const ID = { id: 'The id of a node.' };

const identity: Operations = {
  'POST /api/v1/auth/register': {
    id: 'registerNode',
    tag: 'Nodes',
    summary: 'Enter the network, or tell anew what you are',
    description:
      'NODE_REGISTRATION says who may: anybody (`open`), whoever has a registration token (`token`), nobody (`closed`). Members that are not known are ignored.',
    security: [{}, { nodeToken: [] }],
    headers: [
      {
        name: 'X-Registration-Token',
        description: 'From an operator; good once. Where NODE_REGISTRATION=token.',
      },
    ],
    body: {
      name: 'NodeRegistration',
      schema: registerSchema,
      example: {
        node_id: 'voice-worker-1',
        name: 'Voice worker 1',
        type: 'worker',
        capabilities: ['transcription', 'voice'],
        public_key: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n',
        endpoint: 'https://worker-1.example.com:8443',
        metadata: { region: 'eu-west-1' },
      },
    },
    answers: {
      200: { description: 'The same key again: the node is updated.', body: registered },
      201: { description: 'A new node.', body: registered },
    },
    errors: ['forbidden', 'conflict', 'rate_limited', 'unauthenticated', 'token_expired'],
    fields: {
      public_key: 'RSA, 2048 to 4096 bits, as PEM (SubjectPublicKeyInfo). Never the private one.',
      endpoint: 'http(s) or ws(s), without a login in it.',
      metadata: 'Up to 16 384 characters of JSON; `region` can be searched for.',
    },
  },
  'POST /api/v1/auth/login': {
    id: 'requestChallenge',
    tag: 'Nodes',
    summary: 'Get a challenge to sign',
    description: 'The same for a node that nobody knows. Good once, for 60 seconds.',
    body: { name: 'NodeLogin', schema: loginSchema, example: { node_id: 'voice-worker-1' } },
    answers: {
      200: {
        description: 'The challenge.',
        body: { name: 'Challenge', schema: z.strictObject({ challenge: z.string(), expires_at: time }) },
      },
    },
    errors: ['rate_limited'],
  },
  'POST /api/v1/auth/verify': {
    id: 'verifyChallenge',
    tag: 'Nodes',
    summary: 'Answer the challenge with a signature',
    description:
      'RSA-PSS with SHA-256 and MGF1-SHA-256 over the UTF-8 bytes of the challenge, with the longest salt that the key allows or one of 32 bytes. An attempt uses the challenge up.',
    body: {
      name: 'NodeVerification',
      schema: verifySchema,
      example: { node_id: 'voice-worker-1', challenge: 'ephemera-node-login:v1:…', signature: '00ff' },
    },
    answers: { 200: { description: 'Access for ten minutes, and what to renew it with.', body: tokens } },
    errors: ['unauthenticated', 'rate_limited'],
    fields: { signature: 'Hexadecimal.' },
  },
  'POST /api/v1/auth/refresh': {
    id: 'refreshNodeTokens',
    tag: 'Nodes',
    summary: 'Renew the tokens',
    description:
      'A used refresh token ends its whole family, but for a retry within 10 seconds of a request whose answer was lost.',
    security: [{ refreshToken: [] }],
    answers: { 200: { description: 'The next ones.', body: tokens } },
    errors: ['unauthenticated', 'rate_limited'],
  },
};

const directory: Operations = {
  'GET /api/v1/nodes': {
    id: 'listNodes',
    tag: 'Nodes',
    summary: 'Find nodes',
    description:
      'Who is there: without `status` only nodes that were heard within three intervals and did not say that they go. `GET /api/v1/nodes/{id}` answers for the others as well.',
    query: listNodesQuery,
    answers: {
      200: {
        description: 'By id; those that were revoked are not among them.',
        body: {
          name: 'NodePage',
          schema: z.strictObject({ nodes: z.array(nodeSchema), next_cursor: z.string().nullable() }),
        },
      },
    },
    fields: {
      capabilities: 'All of them.',
      region: 'As of `metadata.region`.',
      status:
        'Any of these, separated by commas: a word as nodes say it of themselves (`active`, …), `unreachable`, `offline`, `reachable` (the default), `all`.',
      cursor: '`next_cursor` of the page before.',
    },
  },
  'GET /api/v1/nodes/{id}': {
    id: 'getNode',
    tag: 'Nodes',
    summary: 'One node, with its public key',
    path: ID,
    answers: {
      200: {
        description: 'The node.',
        body: {
          name: 'NodeDetail',
          schema: z.strictObject({ ...nodeShape, public_key: z.string(), created_at: time }),
        },
      },
    },
  },
  'PUT /api/v1/nodes/{id}': {
    id: 'updateNode',
    tag: 'Nodes',
    summary: 'Tell what has changed',
    description:
      'A node writes itself alone; an operator writes any. `unreachable`, `revoked`, `reachable` and `all` are not for a node to say; one that goes says `offline`.',
    path: ID,
    body: {
      name: 'NodeUpdate',
      schema: updateNodeBody,
      example: { status: 'busy', load: 0.7, available_resources: { slots: 2 } },
    },
    answers: { 200: { description: 'The node as it is now.', body: node } },
    fields: { load: '0 to 1.' },
  },
  'POST /api/v1/nodes/{id}/heartbeat': {
    id: 'beat',
    tag: 'Nodes',
    summary: 'A sign of life',
    description: 'Three that are missing make a node `unreachable`, a day without any `offline`.',
    path: ID,
    body: {
      name: 'Heartbeat',
      schema: heartbeatBody,
      example: {
        timestamp: '2026-11-22T08:00:00Z',
        status: 'active',
        metrics: { cpu_usage: 0.4, memory_usage: 0.5 },
      },
    },
    answers: {
      200: {
        description: 'When the next one is expected, in seconds.',
        body: {
          name: 'HeartbeatReceipt',
          schema: z.strictObject({
            acknowledged: z.literal(true),
            server_time: time,
            next_heartbeat_in: z.int(),
          }),
        },
      },
    },
    fields: { timestamp: 'ISO 8601; without an offset it is UTC.' },
  },
};

export const NODE_OPERATIONS: Operations = { ...identity, ...directory };
