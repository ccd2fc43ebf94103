import { meSchema, setupSchema } from '@ephemera/api';
import * as z from 'zod';

import type { Operations } from '../operation.ts';

const modelSchema = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.literal(0),
  owned_by: z.string(),
  kind: z.enum(['realtime', 'transcription']),
  is_default: z.boolean(),
  voices: z.array(z.string()),
  shutdown_at: z.string().nullable(),
  replacement: z.string().nullable(),
});

export const ACCOUNT_OPERATIONS: Operations = {
  'GET /v1/models': {
    id: 'listModels',
    tag: 'Account',
    summary: 'The models that the caller may mint for',
    answers: {
      200: {
        description: "In the provider's shape, and with what is known of them.",
        body: {
          name: 'ModelList',
          schema: z.strictObject({ object: z.literal('list'), data: z.array(modelSchema) }),
        },
      },
    },
    errors: ['origin_not_allowed', 'user_blocked', 'unavailable'],
  },
  'GET /v1/me': {
    id: 'getMe',
    tag: 'Account',
    summary: 'Who the caller is, what it may do, and what it has left',
    answers: { 200: { description: 'The caller.', body: { name: 'Me', schema: meSchema } } },
    errors: ['origin_not_allowed', 'user_blocked', 'unavailable'],
  },
  'GET /api/setup': {
    id: 'getSetup',
    tag: 'Operations',
    summary: 'Whether this deployment has an owner',
    answers: {
      200: {
        description: 'Whether it has.',
        body: { name: 'SetupState', schema: z.strictObject({ isDone: z.boolean() }) },
      },
    },
  },
  'POST /api/setup': {
    id: 'completeSetup',
    tag: 'Operations',
    summary: 'Make the first owner, once',
    body: {
      name: 'SetupRequest',
      schema: setupSchema,
      example: {
        token: 'as the log of the first start says',
        name: 'Ada',
        email: 'ada@example.com',
        password: 'a long sentence that nobody guesses',
      },
    },
    answers: {
      201: {
        description: 'There is an owner now.',
        body: { name: 'SetupDone', schema: z.strictObject({ success: z.literal(true) }) },
      },
    },
    errors: ['unauthenticated', 'conflict', 'rate_limited'],
    fields: { token: 'ADMIN_BOOTSTRAP_TOKEN, or what the log of the first start says.' },
  },
};
