import type { SqlValue, Statement } from '@ephemera/db';

import { NO_AMOUNTS, readUsage } from '../../pricing/amounts.ts';
import type { ProviderUsage, UsageAmounts } from '../../pricing/amounts.ts';
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

const COLUMNS = `session_id, event_id, kind, model, at, cost_micro_usd, price_version,
    ${AMOUNT_COLUMNS.map(([, column]) => column).join(', ')}`;
const PLACES = AMOUNT_COLUMNS.map((_, index) => `?${index + 8}`).join(', ');
const VALUES = `?1, ?2, ?3, ?4, ?5, ?6, ?7, ${PLACES}`;

const INSERT_EVENT = `insert into usage_events (${COLUMNS}) values (${VALUES})
  on conflict do nothing returning event_id`;
const INSERT_TOTALS = `insert into usage_events (${COLUMNS}) select ${VALUES}
  where not exists (select 1 from usage_events where session_id = ?1
    and event_id not in ('${TOTALS_IDS.join("', '")}'))
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
  // By the table of the session's time: a report that comes after a change of prices is priced by the old ones.
  const { microUsd, priceVersion } =
    usage === null || model === null
      ? { microUsd: null, priceVersion: null }
      : priceUsage(model, usage, session.issuedAt.getTime());
  return [
    session.id,
    event.eventId,
    event.kind,
    model,
    nowMs,
    microUsd,
    priceVersion,
    ...AMOUNT_COLUMNS.map(([amount]) => amounts[amount]),
  ];
}

/** Gives a row for an event that was not known yet. */
export function insertEvent(session: PricedSession, event: UsageEventInput, nowMs: number): Statement {
  return { sql: INSERT_EVENT, args: toArgs(session, event, nowMs) };
}

/** Sums of a client, where nothing better is known. */
export function insertTotals(session: PricedSession, event: UsageEventInput, nowMs: number): Statement {
  return { sql: INSERT_TOTALS, args: toArgs(session, event, nowMs) };
}

/** Single events are the better account. */
export function forgetTotals(sessionId: string): Statement {
  return {
    sql: `delete from usage_events where session_id = ?1 and event_id in (?2, ?3)`,
    args: [sessionId, ...TOTALS_IDS],
  };
}
