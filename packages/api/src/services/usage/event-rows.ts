import type { SqlValue, Statement } from '@ephemera/db';

import { NO_AMOUNTS, readUsage } from '../../pricing/amounts.ts';
import type { ProviderUsage, UsageAmounts } from '../../pricing/amounts.ts';
import { leastMicroUsd } from '../../pricing/least-cost.ts';
import { priceUsage } from '../../pricing/price-usage.ts';

export type UsageEventInput = {
  /** The provider's: the id of the response, or of the item that was transcribed with its content's index. */
  eventId: string;
  kind: 'response' | 'transcription';
  /** Of a transcription that runs beside the conversation. A response is of the session's own model. */
  model?: string | undefined;
  /** Null: it ended without any. */
  usage: ProviderUsage | null;
};

export type PricedSession = {
  id: string;
  kind: 'realtime' | 'transcription';
  model: string | null;
  issuedAt: Date;
};

/** What a client's sums at the end are filed under, as long as no single event is known. */
export const TOTALS_IDS = ['totals', 'totals:transcription'] as const;

const AMOUNT_COLUMNS: readonly (readonly [keyof UsageAmounts, string])[] = [
  ['textInput', 'text_input'],
  ['textCachedInput', 'text_cached_input'],
  ['textOutput', 'text_output'],
  ['audioInput', 'audio_input'],
  ['audioCachedInput', 'audio_cached_input'],
  ['audioOutput', 'audio_output'],
  ['imageInput', 'image_input'],
  ['imageCachedInput', 'image_cached_input'],
  ['seconds', 'seconds'],
];

const COLUMNS = `session_id, event_id, kind, model, at, cost_micro_usd, price_version, least_micro_usd,
    ${AMOUNT_COLUMNS.map(([, column]) => column).join(', ')}`;
const FIRST_AMOUNT = 9;
const PLACES = AMOUNT_COLUMNS.map((_, index) => `?${index + FIRST_AMOUNT}`).join(', ');
const VALUES = `?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ${PLACES}`;

const TOKENS = 'text_input + audio_input + image_input + text_output + audio_output';
const IS_TOTALS = `event_id in ('${TOTALS_IDS.join("', '")}')`;

/** What sums account for already is in no event beside them. */
const INSERT_EVENT = `insert into usage_events (${COLUMNS}) select ${VALUES}
  where not exists (select 1 from usage_events where session_id = ?1 and kind = ?3 and ${IS_TOTALS}
    and (${TOKENS} > 0 or seconds > 0))
  on conflict do nothing returning event_id`;

const KNOWN = AMOUNT_COLUMNS.map(([, column]) => `coalesce(sum(${column}), 0) as ${column}`).join(', ');
const REST = AMOUNT_COLUMNS.map(([, column], index) => `max(0, ?${index + FIRST_AMOUNT} - ${column})`).join(
  ', ',
);
/**
 * Of sums only what the single events of their kind leave open: a client may have lost some of them. What they cost at
 * least is that of all of them.
 */
const INSERT_TOTALS = `insert into usage_events (${COLUMNS})
  select ?1, ?2, ?3, ?4, ?5, iif(events = priced, max(0, ?6 - micro_usd), null), ?7,
    iif(events = priced and ?6 is not null, null, coalesce(?6, ?8)), ${REST}
  from (select count(*) as events, count(cost_micro_usd) as priced, coalesce(sum(cost_micro_usd), 0) as micro_usd,
      coalesce(sum(${TOKENS}), 0) as tokens, ${KNOWN}
    from usage_events where session_id = ?1 and kind = ?3 and not ${IS_TOTALS}) as known
  where ?18 > tokens or ?17 > seconds
    or (?3 = 'response' and not exists (select 1 from usage_events where session_id = ?1))
  on conflict do nothing`;

/** Nobody can choose a cheaper model for what the session's own has said. */
function modelOf(session: PricedSession, event: UsageEventInput): string | null {
  if (event.kind === 'response' || session.kind === 'transcription') return session.model;
  return event.model ?? null;
}

function toArgs(session: PricedSession, event: UsageEventInput, nowMs: number): SqlValue[] {
  const model = modelOf(session, event);
  const { usage } = event;
  const amounts = usage === null ? NO_AMOUNTS : readUsage(usage).amounts;
  const atMs = session.issuedAt.getTime();
  // By the table of the session's time: a report that comes after a change of prices is priced by the old ones.
  const { microUsd, priceVersion } =
    usage === null || model === null
      ? { microUsd: null, priceVersion: null }
      : priceUsage(model, usage, atMs);
  return [
    session.id,
    event.eventId,
    event.kind,
    model,
    nowMs,
    microUsd,
    priceVersion,
    usage === null || model === null || microUsd !== null ? null : leastMicroUsd(model, usage, atMs),
    ...AMOUNT_COLUMNS.map(([amount]) => amounts[amount]),
  ];
}

/** Gives a row for an event that was not known yet. */
export function insertEvent(session: PricedSession, event: UsageEventInput, nowMs: number): Statement {
  return { sql: INSERT_EVENT, args: toArgs(session, event, nowMs) };
}

export type TotalsEvent = UsageEventInput & {
  /** As the client counted them, whether or not it said of which kind they are. */
  tokens: number;
  seconds: number;
};

/** Sums of a client, as far as they are more than what is known. */
export function insertTotals(session: PricedSession, event: TotalsEvent, nowMs: number): Statement {
  // The seconds are the last of the columns, and stand beside the tokens of a transcription.
  return {
    sql: INSERT_TOTALS,
    args: [...toArgs(session, event, nowMs).slice(0, -1), event.seconds, event.tokens],
  };
}

/** Sums without a price say no number that events could reach: they stay. */
const FORGET_TOTALS = `delete from usage_events where session_id = ?1
  and ((event_id = '${TOTALS_IDS[0]}' and cost_micro_usd is not null and ${TOKENS} <= ?2)
    or (event_id = '${TOTALS_IDS[1]}' and ${TOKENS} <= ?3 and seconds <= ?4))`;

function sumUp(events: readonly UsageEventInput[], kind: UsageEventInput['kind']) {
  const sums = { tokens: 0, seconds: 0 };
  for (const { usage } of events.filter((event) => event.kind === kind)) {
    if (usage === null) continue;
    const { amounts } = readUsage(usage);
    const { textInput, audioInput, imageInput, textOutput, audioOutput } = amounts;
    sums.tokens += textInput + audioInput + imageInput + textOutput + audioOutput;
    sums.seconds += amounts.seconds;
  }
  return sums;
}

/** Single events are the better account, where they cover at least as much. */
export function forgetTotals(sessionId: string, events: readonly UsageEventInput[]): Statement {
  const responses = sumUp(events, 'response');
  const heard = sumUp(events, 'transcription');
  return { sql: FORGET_TOTALS, args: [sessionId, responses.tokens, heard.tokens, heard.seconds] };
}
