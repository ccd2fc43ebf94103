import * as z from 'zod';

/** Far beyond any response, and far below what a sum of many could not hold exactly. */
const MAX_TOKENS = 10_000_000;
const MAX_TOTAL_TOKENS = 1_000_000_000;
const MAX_SECONDS = 86_400;
const MAX_EVENTS_A_REPORT = 64;

function createTokenSchemas(max: number) {
  const count = z.int().min(0).max(max);
  const byModality = {
    text_tokens: count.optional(),
    audio_tokens: count.optional(),
    image_tokens: count.optional(),
  };
  /** What else the provider says is left out; reasoning tokens are in the text tokens already. */
  const response = z.object({
    total_tokens: count.optional(),
    input_tokens: count.optional(),
    output_tokens: count.optional(),
    input_token_details: z
      .object({
        ...byModality,
        cached_tokens: count.optional(),
        cached_tokens_details: z.object(byModality).optional(),
      })
      .optional(),
    output_token_details: z
      .object({ text_tokens: count.optional(), audio_tokens: count.optional() })
      .optional(),
  });
  return { count, response };
}

const { count, response: responseUsageSchema } = createTokenSchemas(MAX_TOKENS);
const totals = createTokenSchemas(MAX_TOTAL_TOKENS);

const transcribedTokens = z.object({
  type: z.literal('tokens'),
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  input_token_details: z.object({ text_tokens: count.optional(), audio_tokens: count.optional() }).optional(),
});
const transcribedSeconds = z.object({
  type: z.literal('duration'),
  seconds: z.number().min(0).max(MAX_SECONDS),
});
const transcriptionUsageSchema = z.discriminatedUnion('type', [transcribedTokens, transcribedSeconds]);

const model = z.string().regex(/^[\w.:-]{1,128}$/);

/** The provider's ids; `totals` is ours. */
function isNotOurs(id: string): boolean {
  return !id.startsWith('totals');
}
const eventId = z
  .string()
  .regex(/^[\w.:-]{1,160}$/)
  .refine(isNotOurs, 'This id is reserved.');
const providerId = z
  .string()
  .regex(/^[\w.-]{1,128}$/)
  .refine(isNotOurs, 'This id is reserved.');

const usageEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    eventId,
    kind: z.literal('response'),
    model: model.optional(),
    usage: responseUsageSchema.nullable(),
  }),
  z.strictObject({
    eventId,
    kind: z.literal('transcription'),
    model: model.optional(),
    usage: transcriptionUsageSchema,
  }),
]);

/** Input of `sessions.reportUsage`. */
export const reportUsageSchema = z.strictObject({
  sessionId: z.string().min(1).max(256),
  events: z.array(usageEventSchema).min(1).max(MAX_EVENTS_A_REPORT),
});

export const usageReceiptSchema = z.object({ counted: z.int(), duplicates: z.int() });

/** What a client sums up by itself and sends with the end. */
export const totalsSchema = totals.response.extend({
  responses_without_usage: totals.count.optional(),
  input_transcription: z
    .object({
      input_tokens: totals.count.default(0),
      output_tokens: totals.count.default(0),
      total_tokens: totals.count.default(0),
      seconds: z.number().min(0).max(MAX_SECONDS).optional(),
    })
    .transform((heard) => ({ type: 'tokens' as const, ...heard }))
    .optional(),
});

/** Whole events: what else is in them (transcripts, ids of items) is left out before anything is stored. */
const responseDone = z
  .object({
    type: z.literal('response.done'),
    response: z.object({ id: providerId, usage: responseUsageSchema.nullable().optional() }),
  })
  .transform(({ response: { id, usage } }) => ({
    eventId: id,
    kind: 'response' as const,
    usage: usage ?? null,
  }));
const transcribed = z
  .object({
    type: z.literal('conversation.item.input_audio_transcription.completed'),
    item_id: providerId,
    content_index: z.int().min(0).max(1_000),
    usage: transcriptionUsageSchema,
  })
  .transform(({ item_id, content_index, usage }) => ({
    eventId: `${item_id}:${content_index}`,
    kind: 'transcription' as const,
    usage,
  }));
const bareTranscription = transcriptionUsageSchema.transform((usage) => ({
  eventId: null,
  kind: 'transcription' as const,
  usage,
}));
const bareResponse = responseUsageSchema
  .refine(
    (usage) => usage.input_tokens !== undefined || usage.output_tokens !== undefined,
    'A usage object names its tokens, or send the whole event.',
  )
  .transform((usage) => ({ eventId: null, kind: 'response' as const, usage }));

/** For the API's document. */
export const usageBodySchema = z.union([
  responseDone,
  transcribed,
  transcriptionUsageSchema,
  responseUsageSchema,
]);

function typeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
}

/**
 * Body of `POST /v1/realtime/sessions/{id}/usage`: a usage object, which has no id, or the provider's whole event. Which
 * of them is told by `type` alone, so that what is wrong with it can be named.
 */
export function parseUsageBody(body: unknown) {
  switch (typeOf(body)) {
    case 'response.done':
      return responseDone.safeParse(body);
    case 'conversation.item.input_audio_transcription.completed':
      return transcribed.safeParse(body);
    case undefined:
      return bareResponse.safeParse(body);
    default:
      return bareTranscription.safeParse(body);
  }
}

export const usageModelSchema = model.optional();
