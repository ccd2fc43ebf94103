import { type AppErrorCode } from '@ephemera/api';
import { clientSecretRequestSchema, clientSecretResponseSchema } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import { realtimeTokenRequest } from '../../routes/realtime-token.ts';
import { turnQuery } from '../../routes/turn-credentials.ts';
import type { Operations } from '../operation.ts';

const MINT_ERRORS: readonly AppErrorCode[] = [
  'budget_exceeded',
  'model_not_found',
  'model_not_allowed',
  'origin_not_allowed',
  'user_blocked',
  'idempotency_conflict',
  'idempotency_key_reused',
  'rate_limited',
  'session_limit',
  'upstream_rejected',
  'upstream_unreachable',
  'upstream_invalid',
  'upstream_rate_limited',
  'no_healthy_provider_key',
  'unavailable',
  'upstream_timeout',
];

const MINT_HEADERS = [
  'x-broker-session-id',
  'ratelimit',
  'ratelimit-policy',
  'idempotent-replayed',
  'warning',
  'deprecation',
  'sunset',
];

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  description: '1 to 255 printable characters: a repeated request gets the token of the first one.',
};

const realtimeTokenSchema = z.strictObject({
  success: z.literal(true),
  token: z.string().startsWith('ek_'),
  sessionId: z.string(),
  expiresAt: z.int(),
  config: z.strictObject({ model: z.string(), voice: z.string() }),
});

const login = { username: z.string().optional(), credential: z.string().optional() };
const turnSchema = z.union([
  z.strictObject({
    ttl: z.int(),
    iceServers: z.array(z.strictObject({ url: z.string(), urls: z.string(), ...login })),
  }),
  z.strictObject({
    provider: z.string(),
    ttl: z.int(),
    expiresAt: z.iso.datetime(),
    revocable: z.boolean(),
    midSessionExpiry: z.enum(['disconnects', 'survives']),
    iceServers: z.array(z.strictObject({ urls: z.array(z.string()), ...login })),
  }),
]);
const stunSchema = z.strictObject({
  ttl: z.literal(0),
  iceServers: z.array(z.strictObject({ url: z.string(), urls: z.string() })),
});

export const TOKEN_OPERATIONS: Operations = {
  'POST /v1/realtime/client_secrets': {
    id: 'createClientSecret',
    tag: 'Tokens',
    summary: 'Mint a client secret',
    description:
      "In the provider's own shape: a stock OpenAI SDK with this service as its `baseURL` works as it is. Who asks, what it costs and whether there is room is settled before the provider is asked.",
    headers: [IDEMPOTENCY_KEY],
    body: {
      name: 'ClientSecretRequest',
      schema: clientSecretRequestSchema,
      isOptional: true,
      example: {
        expires_after: { anchor: 'created_at', seconds: 600 },
        session: { type: 'realtime', model: 'gpt-realtime-2.1', audio: { output: { voice: 'marin' } } },
      },
    },
    answers: {
      200: {
        description: 'The secret, and the session that it is for.',
        body: { name: 'ClientSecret', schema: clientSecretResponseSchema },
        headers: MINT_HEADERS,
      },
    },
    errors: MINT_ERRORS,
    fields: {
      value: 'The secret. It starts sessions until it expires; a session that runs outlives it.',
      expires_at: 'Unix seconds.',
    },
  },
  'POST /api/realtime/token': {
    id: 'createRealtimeToken',
    tag: 'Tokens',
    summary: 'Mint a token, in the shape of the first clients',
    description:
      'Retired model names are mapped to those of today, and the answer says so. Without a token only where ANONYMOUS_TOKENS is on, as in the local demo.',
    headers: [IDEMPOTENCY_KEY],
    security: [{ userToken: ['tokens:mint'] }, { accessKey: ['tokens:mint'] }, {}],
    body: {
      name: 'RealtimeTokenRequest',
      schema: realtimeTokenRequest,
      example: {
        sessionConfig: {
          model: 'gpt-realtime-2.1',
          voice: 'alloy',
          instructions: 'You are a friendly assistant.',
        },
        ttlSeconds: 600,
      },
    },
    answers: {
      200: {
        description: 'The token.',
        body: { name: 'RealtimeToken', schema: realtimeTokenSchema },
        headers: MINT_HEADERS,
      },
    },
    errors: MINT_ERRORS,
    fields: {
      userId: 'Whom it is for; somebody else than the caller needs the scope `tokens:mint-for`.',
      'sessionConfig.temperature': 'Taken and left out: the provider has none for these sessions any more.',
      expiresAt: 'Unix seconds.',
    },
  },
  'GET /api/v1/webrtc/turn-credentials': {
    id: 'createTurnCredentials',
    tag: 'Tokens',
    summary: 'ICE servers with a login of their own',
    query: turnQuery,
    answers: {
      200: {
        description: 'One entry an address with `url` and `urls`, or `format=standard` as browsers know it.',
        body: { name: 'TurnCredentials', schema: turnSchema },
      },
      503: {
        description: 'No TURN provider answers. With `fallback=stun` the STUN servers come with it.',
        body: { name: 'StunServers', schema: stunSchema },
      },
    },
    errors: ['rate_limited', 'unavailable', 'origin_not_allowed', 'user_blocked'],
    fields: {
      format: '`standard`: as `RTCConfiguration` wants it, and with when it expires.',
      fallback: '`stun`: what to use where there is no TURN.',
      ttl: 'Seconds; less where the deployment allows less.',
    },
  },
};
