import { findAppError, rateLimitSchema } from '@ephemera/api';
import type { TRPCError } from '@trpc/server';
import * as z from 'zod';

import { rateLimitHeaders, refusalHeaders } from './rate-limit-headers.ts';

const limitedAnswer = z.object({ result: z.object({ data: z.object({ rateLimit: rateLimitSchema }) }) });

/** The header fields of a tRPC answer, as REST has them. In a batch the first refusal speaks, else the first mint. */
export function trpcHeaders(answer: { data: readonly unknown[]; errors: readonly TRPCError[] }): Headers {
  const [error] = answer.errors;
  if (error !== undefined) return new Headers(refusalHeaders(findAppError(error)));
  const limited = answer.data.map((part) => limitedAnswer.safeParse(part)).find(({ success }) => success);
  return new Headers(rateLimitHeaders(limited?.data?.result.data.rateLimit));
}
