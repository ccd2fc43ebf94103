import type { SessionRow, Statement } from '@ephemera/db';
import type * as z from 'zod';

import { updateCost } from './cost-sql.ts';
import { insertTotals } from './event-rows.ts';
import type { TotalsEvent } from './event-rows.ts';
import { estimateSoFar } from './report.ts';
import { totalsSchema } from './schemas.ts';

type TotalsInput = { session: SessionRow; usage: Readonly<Record<string, unknown>>; nowMs: number };

type Told = { [Name in 'total_tokens' | 'input_tokens' | 'output_tokens']?: number | undefined };

function tokensOf({
  total_tokens: total = 0,
  input_tokens: input = 0,
  output_tokens: output = 0,
}: Told): number {
  return Math.max(total, input + output);
}

function toEvents(usage: z.infer<typeof totalsSchema>): TotalsEvent[] {
  const { input_transcription: heard, responses_without_usage: silent = 0, ...response } = usage;
  const event: TotalsEvent = {
    eventId: 'totals',
    tokens: tokensOf(response),
    seconds: 0,
    kind: 'response',
    usage: silent > 0 ? null : response,
  };
  if (heard === undefined) return [event];
  // Which model listened is not said, so this part has no price.
  return [
    event,
    {
      eventId: 'totals:transcription',
      kind: 'transcription',
      tokens: tokensOf(heard),
      seconds: heard.seconds ?? 0,
      usage: heard,
    },
  ];
}

function hasNothing(usage: z.infer<typeof totalsSchema>): boolean {
  const { input_transcription: heard, responses_without_usage: silent = 0 } = usage;
  if (silent > 0 || (heard?.seconds ?? 0) > 0) return false;
  return [usage, heard].every((part) => tokensOf(part ?? {}) === 0);
}

/**
 * For the unit that ends a session, before the statement that closes it: of a client's own sums what single events
 * leave open. Sums that make no sense are left out; then the length decides.
 */
export function createTotalsStatements({ session, usage, nowMs }: TotalsInput): Statement[] {
  const parsed = totalsSchema.safeParse(usage);
  if (!parsed.success) return [];
  // Of a secret that nobody has used, zero is no account of what it will be used for.
  if (session.state === 'issued' && hasNothing(parsed.data)) return [];
  const estimate = estimateSoFar(session, nowMs);
  return [
    ...toEvents(parsed.data).map((event) => insertTotals(session, event, nowMs)),
    updateCost({ sessionId: session.id, nowMs, ...estimate }),
  ];
}
