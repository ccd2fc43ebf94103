import * as z from 'zod';

const turnSchema = z.strictObject({
  /** The transcript of the user's turn, whatever was said. */
  hears: z.string().optional(),
  /** The answer. After a tool call it is said once the output has come; `{output}` stands for it. */
  says: z.string().min(1),
  tool: z
    .strictObject({ name: z.string().min(1), arguments: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
  answerDelayMs: z.int().min(0).max(60_000).optional(),
});

/** A script fixes what the simulator hears and says, turn by turn, from the start of each call. */
export const scriptSchema = z.strictObject({
  turns: z.array(turnSchema).default([]),
  /** Texts of uploads to `/v1/audio/transcriptions`, in order, over all requests. */
  transcriptions: z.array(z.string()).default([]),
});

export type ScriptTurn = z.infer<typeof turnSchema>;
export type Script = z.infer<typeof scriptSchema>;
export type ScriptInput = z.input<typeof scriptSchema>;
