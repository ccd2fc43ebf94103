import * as z from 'zod';

import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const SESSIONS = 16;
const STEPS_EACH = 6;
const MODELS = ['gpt-realtime-2.1', 'gpt-realtime-2.1-mini'];

/** Mulberry32: the same numbers in every run. */
function createRandom(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (limit: number) => Math.floor(next() * limit),
    pick: <Item>(items: readonly [Item, ...Item[]]): Item =>
      items[Math.floor(next() * items.length)] ?? items[0],
  };
}

type Random = ReturnType<typeof createRandom>;

async function mint(host: TestHost, random: Random): Promise<string> {
  const model = MODELS[random.below(MODELS.length)];
  const response = await host.post('/v1/realtime/client_secrets', { session: { type: 'realtime', model } });
  return response.headers.get('x-broker-session-id') ?? '';
}

function randomUsage(random: Random) {
  const [text, audio, answer] = [random.below(500), random.below(2_000), random.below(1_000)];
  const cached = random.below(text + 1);
  return {
    input_tokens: text + audio,
    output_tokens: answer,
    input_token_details: {
      text_tokens: text,
      audio_tokens: audio,
      cached_tokens: cached,
      cached_tokens_details: { text_tokens: cached },
    },
    output_token_details: { audio_tokens: answer },
  };
}

/** As if the time had passed; whoever looks next closes it. */
async function passDeadline(host: TestHost, id: string): Promise<void> {
  await host.readRows('update sessions set deadline_at = ? where id = ? and deadline_at > ? returning id', [
    Date.now() - 1,
    id,
    Date.now(),
  ]);
}

/** One thing that may happen to a session, at any time, before and after its end. */
async function step(host: TestHost, random: Random, id: string): Promise<number> {
  const usagePath = `/v1/realtime/sessions/${id}/usage`;
  const eventId = `resp_${random.below(6)}`;
  const send = random.pick<() => Promise<Response>>([
    () =>
      host.post(usagePath, {
        type: 'response.done',
        response: { id: eventId, usage: randomUsage(random) },
      }),
    () =>
      host.post(usagePath, {
        type: 'response.done',
        response: { id: eventId, usage: random.below(2) === 0 ? null : { input_tokens: 5 } },
      }),
    () =>
      host.post(`${usagePath}?model=gpt-realtime-whisper`, {
        type: 'conversation.item.input_audio_transcription.completed',
        item_id: `item_${random.below(4)}`,
        content_index: 0,
        usage: { type: 'duration', seconds: random.below(40) / 4 },
      }),
    async () => {
      await passDeadline(host, id);
      return await host.post(`/trpc/sessions.heartbeat`, { sessionId: id });
    },
    () =>
      host.post('/api/realtime/end', {
        sessionId: id,
        duration: 0.25,
        messageCount: random.below(9),
        endedBy: random.pick(['user', 'error', 'timeout']),
        ...(random.below(2) === 0 ? {} : { usage: randomUsage(random) }),
      }),
  ]);
  return (await send()).status;
}

const CLOSED = "s.deadline_at is null and s.state in ('ended', 'failed')";
const KEY = `s.issued_at - s.issued_at % 3600000, coalesce(s.model, ''), s.user_id, coalesce(s.access_key_id, ''),
  coalesce(s.provider_key_id, '')`;
const TOKENS = ['text_input', 'text_cached_input', 'text_output', 'audio_input', 'audio_cached_input'];
const MORE_TOKENS = ['audio_output', 'image_input', 'image_cached_input', 'seconds'];
const SUMS = [...TOKENS, ...MORE_TOKENS]
  .map((column) => `sum(coalesce(e.${column}, 0)) as ${column}`)
  .join(', ');

/** The hours as they would be, were they summed up now from the sessions and their events. */
const EXPECTED_SQL = `select ${KEY.replaceAll(/\s+/g, ' ')}, count(*) as sessions, sum(s.state = 'failed') as failed,
    round(sum(coalesce(s.duration_seconds, 0)), 3) as duration_seconds,
    sum(iif(s.cost_status = 'known', s.cost_micro_usd, 0)) as known_micro_usd,
    sum(iif(s.cost_status = 'estimated', s.cost_micro_usd, 0)) as estimated_micro_usd,
    sum(s.cost_micro_usd is null and s.state <> 'failed') as unknown_costs
  from sessions s where ${CLOSED} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
const EXPECTED_TOKENS_SQL = `select ${SUMS} from sessions s join usage_events e on e.session_id = s.id where ${CLOSED}
  group by ${KEY} order by ${KEY}`;
const STORED_SQL = `select hour_start, model, user_id, access_key_id, provider_key_id, sessions, failed,
    round(duration_seconds, 3) as duration_seconds, known_micro_usd, estimated_micro_usd, unknown_costs
  from usage_hours order by 1, 2, 3, 4, 5`;
const STORED_TOKENS_SQL = `select ${[...TOKENS, ...MORE_TOKENS].join(', ')} from usage_hours
  where ${[...TOKENS, ...MORE_TOKENS].join(' + ')} > 0 order by hour_start, model, user_id, access_key_id, provider_key_id`;

async function readValues(host: TestHost, sql: string): Promise<unknown[][]> {
  return (await host.readRows(sql)).map((row) => Object.values(row));
}

for (const seed of [1, 2]) {
  test(`the hours are the sums of the closed sessions and their events, whatever happened (seed ${seed})`, async ({
    host,
    expect,
  }) => {
    const random = createRandom(seed);
    const ids = await Promise.all(Array.from({ length: SESSIONS }, () => mint(host, random)));
    const statuses = new Set<number>();
    for (let round = 0; round < STEPS_EACH; round += 1) {
      const order = ids.filter(() => random.below(4) > 0);
      for (const status of await Promise.all(order.map((id) => step(host, random, id)))) statuses.add(status);
    }
    expect([...statuses]).toEqual([200]);

    const expected = await readValues(host, EXPECTED_SQL);
    expect(expected.length).toBeGreaterThan(0);
    expect(await readValues(host, STORED_SQL)).toEqual(expected);
    expect(await readValues(host, STORED_TOKENS_SQL)).toEqual(await readValues(host, EXPECTED_TOKENS_SQL));

    // The demo's past was never admitted, so no budget was charged for it.
    const [closed] = await host.readRows(
      `select count(*) as sessions, count(cost_micro_usd) as priced, sum(cost_status = 'known') as known,
        sum(cost_status = 'estimated') as estimated, sum(cost_micro_usd) as spent from sessions s where ${CLOSED} and is_demo = 0`,
    );
    const counts = z.record(z.string(), z.number()).parse(closed);
    expect(counts['known']).toBeGreaterThan(0);
    expect(counts['estimated']).toBeGreaterThan(0);
    const [project] = await host.readRows(
      "select spent_micro_usd as spent from allowances where kind = 'project'",
    );
    expect(project?.['spent']).toBe(counts['spent']);
  });
}
