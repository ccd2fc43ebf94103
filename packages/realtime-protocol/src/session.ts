import * as z from 'zod';

/** The wire format of one direction of session audio. */
export const audioFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).optional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

const noiseReductionSchema = z
  .strictObject({ type: z.enum(['near_field', 'far_field']).optional(), strength: z.number().optional() })
  .nullable();

export const transcriptionOptionsSchema = z.strictObject({
  model: z.string().max(128).optional(),
  language: z.string().max(16).optional(),
  languages: z.array(z.string().max(16)).max(32).optional(),
  prompt: z.string().max(8_192).optional(),
  keywords: z.array(z.string().max(128)).max(256).optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const turnResponseFields = {
  create_response: z.boolean().optional(),
  interrupt_response: z.boolean().optional(),
};

export const turnDetectionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.int().min(0).optional(),
    silence_duration_ms: z.int().min(0).optional(),
    idle_timeout_ms: z.int().min(0).nullable().optional(),
    ...turnResponseFields,
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    ...turnResponseFields,
  }),
]);

export const voiceSchema = z.union([
  z.string().min(1).max(64),
  z.strictObject({ id: z.string().min(1).max(128) }),
]);

const inputAudioSchema = z.strictObject({
  format: audioFormatSchema.optional(),
  noise_reduction: noiseReductionSchema.optional(),
  transcription: transcriptionOptionsSchema.nullable().optional(),
  turn_detection: turnDetectionSchema.nullable().optional(),
});

const outputAudioSchema = z.strictObject({
  format: audioFormatSchema.optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
  voice: voiceSchema.optional(),
});

const functionToolSchema = z.strictObject({
  type: z.literal('function'),
  name: z.string().min(1).max(128),
  description: z.string().max(16_384).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const mcpToolSchema = z.strictObject({
  type: z.literal('mcp'),
  server_label: z.string().min(1).max(128),
  server_url: z.url().optional(),
  connector_id: z.string().max(128).optional(),
  tunnel_id: z.string().max(128).optional(),
  authorization: z.string().max(8_192).optional(),
  headers: z.record(z.string(), z.string()).nullable().optional(),
  allowed_tools: z
    .union([z.array(z.string()), z.record(z.string(), z.unknown())])
    .nullable()
    .optional(),
  require_approval: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .nullable()
    .optional(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.string()).nullable().optional(),
  server_description: z.string().max(8_192).optional(),
});

const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({ type: z.literal('function'), name: z.string() }),
  z.strictObject({
    type: z.literal('mcp'),
    server_label: z.string(),
    name: z.string().nullable().optional(),
  }),
]);

const truncationSchema = z.union([
  z.enum(['auto', 'disabled']),
  z.strictObject({
    type: z.literal('retention_ratio'),
    retention_ratio: z.number().min(0).max(1),
    token_limits: z.strictObject({ post_instructions: z.int().min(0).optional() }).optional(),
  }),
]);

const tracingSchema = z.union([
  z.literal('auto'),
  z.strictObject({
    workflow_name: z.string().optional(),
    group_id: z.string().optional(),
    metadata: z.unknown().optional(),
  }),
]);

const includeSchema = z.array(z.literal('item.input_audio_transcription.logprobs'));

/** A speech session as a caller asks for it. `output_modalities` is text or audio, never both. */
export const realtimeSessionSchema = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().min(1).max(128).optional(),
  instructions: z.string().max(65_536).optional(),
  output_modalities: z
    .array(z.enum(['text', 'audio']))
    .length(1)
    .optional(),
  audio: z
    .strictObject({ input: inputAudioSchema.optional(), output: outputAudioSchema.optional() })
    .optional(),
  max_output_tokens: z.union([z.int().min(1).max(4_096), z.literal('inf')]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: z
    .strictObject({ effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional() })
    .optional(),
  tool_choice: toolChoiceSchema.optional(),
  tools: z
    .array(z.discriminatedUnion('type', [functionToolSchema, mcpToolSchema]))
    .max(128)
    .optional(),
  tracing: tracingSchema.nullable().optional(),
  truncation: truncationSchema.optional(),
  prompt: z
    .strictObject({
      id: z.string(),
      version: z.string().nullable().optional(),
      variables: z.record(z.string(), z.unknown()).nullable().optional(),
    })
    .nullable()
    .optional(),
  include: includeSchema.optional(),
});

/** A transcription session: its model sits in `audio.input.transcription.model`. */
export const transcriptionSessionSchema = z.strictObject({
  type: z.literal('transcription'),
  audio: z.strictObject({ input: inputAudioSchema.optional() }).optional(),
  include: includeSchema.optional(),
});

export const sessionSchema = z.discriminatedUnion('type', [
  realtimeSessionSchema,
  transcriptionSessionSchema,
]);

export type RealtimeSessionConfig = z.infer<typeof realtimeSessionSchema>;
export type TranscriptionSessionConfig = z.infer<typeof transcriptionSessionSchema>;
export type SessionConfig = z.infer<typeof sessionSchema>;
export type TurnDetection = z.infer<typeof turnDetectionSchema>;

/** The model a session will run: a transcription session names it two levels down. */
export function modelOf(session: SessionConfig | undefined): string | undefined {
  if (session?.type === 'transcription') return session.audio?.input?.transcription?.model;
  return session?.model;
}
