import * as z from 'zod';

const count = z.int().min(0);

/** `response.usage` of `response.done`. Cached counts are a subset of the input counts. */
export const realtimeUsageSchema = z.looseObject({
  total_tokens: count.optional(),
  input_tokens: count.optional(),
  output_tokens: count.optional(),
  input_token_details: z
    .looseObject({
      text_tokens: count.optional(),
      audio_tokens: count.optional(),
      image_tokens: count.optional(),
      cached_tokens: count.optional(),
      cached_tokens_details: z
        .looseObject({
          text_tokens: count.optional(),
          audio_tokens: count.optional(),
          image_tokens: count.optional(),
        })
        .optional(),
    })
    .optional(),
  output_token_details: z
    .looseObject({ text_tokens: count.optional(), audio_tokens: count.optional() })
    .optional(),
});

/** `usage` of a finished input transcription: tokens or seconds, billed apart from the responses. */
export const transcriptionUsageSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('tokens'),
    input_tokens: count,
    output_tokens: count,
    total_tokens: count,
    input_token_details: z
      .looseObject({ text_tokens: count.optional(), audio_tokens: count.optional() })
      .optional(),
  }),
  z.looseObject({ type: z.literal('duration'), seconds: z.number().min(0) }),
]);

export type RealtimeUsage = z.infer<typeof realtimeUsageSchema>;
export type TranscriptionUsage = z.infer<typeof transcriptionUsageSchema>;
