import * as z from 'zod';

/** The provider's error body, on every REST route of theirs and on ours that mirror one. */
export const openAiErrorBodySchema = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable().optional(),
    code: z.string().nullable().optional(),
  }),
});

export type OpenAiErrorBody = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
