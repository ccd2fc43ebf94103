import {
  endedSessionSchema,
  endSessionSchema,
  usageBodySchema,
  usageModelSchema,
  usageReceiptSchema,
} from '@ephemera/api';
import * as z from 'zod';

import type { Operations } from '../operation.ts';

const endBody = endSessionSchema.extend({ accessToken: z.string().optional() });
const endedBody = z.strictObject({
  success: z.literal(true),
  message: z.string(),
  sessionData: endedSessionSchema,
});

export const SESSION_OPERATIONS: Operations = {
  'POST /api/realtime/end': {
    id: 'endSession',
    tag: 'Sessions',
    summary: 'Tell that a session is over',
    description:
      'A repeated end changes nothing and answers the same. Works from `navigator.sendBeacon`, with the token in the body or the cookie of a sign-in here.',
    security: [{ userToken: ['sessions:report'] }, { accessKey: ['sessions:report'] }, {}],
    body: {
      name: 'EndSessionRequest',
      schema: endBody,
      contentTypes: ['application/json', 'text/plain'],
      example: {
        sessionId: 'ses_01kajv0000000000000000000',
        duration: 61.5,
        messageCount: 4,
        endedBy: 'user',
      },
    },
    answers: {
      200: { description: 'It is over.', body: { name: 'EndedSession', schema: endedBody } },
    },
    errors: ['not_found', 'unavailable'],
    fields: {
      sessionId: "Ours (`ses_…`) or the provider's (`sess_…`).",
      duration: "Seconds, as the client measured them; what the server's clock rules out is flagged.",
      accessToken: 'For a beacon, which sends no headers.',
    },
  },
  'POST /v1/realtime/sessions/{id}/usage': {
    id: 'reportUsage',
    tag: 'Sessions',
    summary: 'Report what was used',
    description:
      "A `usage` object, or the provider's whole `response.done` or `…input_audio_transcription.completed` event. Each counts once, however often it is sent.",
    path: { id: "The session: ours (`ses_…`) or the provider's (`sess_…`)." },
    query: z.object({ model: usageModelSchema }),
    headers: [
      { name: 'Idempotency-Key', description: 'Names a bare usage object, which has no id of its own.' },
    ],
    body: {
      name: 'UsageReport',
      schema: usageBodySchema,
      contentTypes: ['application/json', 'text/plain'],
      example: {
        type: 'response.done',
        response: {
          id: 'resp_1',
          usage: {
            total_tokens: 30,
            input_tokens: 20,
            output_tokens: 10,
            input_token_details: { text_tokens: 5, audio_tokens: 15 },
            output_token_details: { audio_tokens: 10 },
          },
        },
      },
    },
    answers: {
      200: { description: 'What of it was new.', body: { name: 'UsageReceipt', schema: usageReceiptSchema } },
    },
    errors: ['conflict', 'unavailable'],
    fields: { model: 'Of a transcription beside a conversation, which no event names.' },
  },
};
