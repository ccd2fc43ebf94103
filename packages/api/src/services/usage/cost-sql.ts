import type { Statement } from '@ephemera/db';

import { TOTALS_IDS } from './event-rows.ts';

const RESPONSE = "filter (where kind = 'response')";
const TRANSCRIPTION = "filter (where kind = 'transcription')";

const IS_TOTALS = `event_id in ('${TOTALS_IDS.join("', '")}')`;
/** What was told costs at least. Sums without a price may hold again what single events say: the more of the two counts. */
const REPORTED = `max(coalesce(sum(coalesce(cost_micro_usd, iif(${IS_TOTALS}, 0, least_micro_usd))), 0),
      coalesce(max(iif(${IS_TOTALS}, least_micro_usd, null)), 0))`;
/** All sums of one session's events, as `used`. */
const USED = `(select count(*) as events, count(cost_micro_usd) as priced,
    ${REPORTED} as micro_usd,
    max(price_version) as version, max(${IS_TOTALS}) as has_totals,
    min(${IS_TOTALS}) as is_totals,
    count(*) ${RESPONSE} as responses,
    coalesce(sum(text_input) ${RESPONSE}, 0) as text_in, coalesce(sum(audio_input) ${RESPONSE}, 0) as audio_in,
    coalesce(sum(image_input) ${RESPONSE}, 0) as image_in,
    coalesce(sum(text_cached_input) ${RESPONSE}, 0) as text_cached,
    coalesce(sum(audio_cached_input) ${RESPONSE}, 0) as audio_cached,
    coalesce(sum(image_cached_input) ${RESPONSE}, 0) as image_cached,
    coalesce(sum(text_output) ${RESPONSE}, 0) as text_out, coalesce(sum(audio_output) ${RESPONSE}, 0) as audio_out,
    count(*) ${TRANSCRIPTION} as transcriptions,
    coalesce(sum(text_input + audio_input) ${TRANSCRIPTION}, 0) as heard_in,
    coalesce(sum(text_output) ${TRANSCRIPTION}, 0) as heard_out,
    coalesce(sum(seconds) ${TRANSCRIPTION}, 0) as heard_seconds
  from usage_events where session_id = ?1) as used`;

/** In the shape of one `response.usage`, as the client sums it up. */
const TOTALS_JSON = `json_patch(json_object(
    'responses', used.responses,
    'total_tokens', text_in + audio_in + image_in + text_out + audio_out,
    'input_tokens', text_in + audio_in + image_in,
    'output_tokens', text_out + audio_out,
    'input_token_details', json_object('text_tokens', text_in, 'audio_tokens', audio_in, 'image_tokens', image_in,
      'cached_tokens', text_cached + audio_cached + image_cached,
      'cached_tokens_details', json_object('text_tokens', text_cached, 'audio_tokens', audio_cached,
        'image_tokens', image_cached)),
    'output_token_details', json_object('text_tokens', text_out, 'audio_tokens', audio_out)),
    iif(transcriptions = 0, '{}', json_object('input_transcription', json_object('input_tokens', heard_in,
      'output_tokens', heard_out, 'total_tokens', heard_in + heard_out, 'seconds', heard_seconds))))`;

/**
 * Usage proves that a session was used, so an issued one is connected by it. Where an event has no price, what the
 * length suggests stands in for the whole, unless the rest, and what that event costs at least, are more.
 */
const UPDATE_COST = `update sessions set
    state = iif(state = 'issued', 'connected', state), connected_at = coalesce(connected_at, ?3),
    last_seen_at = iif(state in ('ended', 'failed'), last_seen_at, ?3),
    usage = iif(used.is_totals, usage, ${TOTALS_JSON}),
    cost_micro_usd = case when used.priced = used.events then used.micro_usd
      when ?2 is not null then max(used.micro_usd, ?2) end,
    cost_status = case when used.priced = used.events then 'known' when ?2 is not null then 'estimated' else 'unknown' end,
    cost_source = case when used.priced < used.events and ?2 is null then null
      when used.priced < used.events then iif(used.micro_usd <= ?2, 'duration', 'reported')
      when used.has_totals then 'totals' else 'responses' end,
    price_version = coalesce(used.version, ?4)
  from ${USED}
  where id = ?1 and used.events > 0`;

export type CostUpdate = {
  sessionId: string;
  /** By the length so far; null without a price. */
  estimateMicroUsd: number | null;
  estimateVersion: string | null;
  nowMs: number;
};

/** Brings the cost and the totals of a session in line with its events; without any it changes nothing. */
export function updateCost({ sessionId, estimateMicroUsd, estimateVersion, nowMs }: CostUpdate): Statement {
  return { sql: UPDATE_COST, args: [sessionId, estimateMicroUsd, nowMs, estimateVersion] };
}

/** Of the row that is updated; what was estimated by its length on the way is no part of it. */
const REPORTED_SUM = `(select ${REPORTED} from usage_events where session_id = sessions.id)`;

/**
 * The cost columns of an `update sessions set …` that closes: what was reported if all of it has a price, else what the
 * length suggests, unless what was reported is more by itself, else nothing. `estimate` and `version` are places of
 * arguments (`?9`) or columns; the latter is that of the price table.
 */
export function closingCost({ estimate, version }: { estimate: string; version: string }): string {
  return `cost_micro_usd = case when cost_status = 'known' then cost_micro_usd
      when ${estimate} is null then cost_micro_usd else max(${REPORTED_SUM}, ${estimate}) end,
    cost_status = case when cost_status = 'known' then 'known'
      when ${estimate} is null and cost_micro_usd is null then 'unknown' else 'estimated' end,
    cost_source = case when cost_status = 'known' then cost_source
      when ${estimate} is null then cost_source else iif(${REPORTED_SUM} <= ${estimate}, 'duration', 'reported') end,
    price_version = coalesce(price_version, iif(${estimate} is null, null, ${version}))`;
}
