import { test } from 'vitest';

import { ADA, BOB, createTestApi, NOBODY, OPERATOR } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { estimateMicroUsd } from '../../pricing/estimate.ts';
import { endSession } from '../sessions/end.ts';
import { createToken } from '../tokens/create.ts';
import type { UsageEventInput } from './event-rows.ts';
import { reportUsage } from './report.ts';

const TURN = {
  total_tokens: 420,
  input_tokens: 300,
  output_tokens: 120,
  input_token_details: {
    text_tokens: 100,
    audio_tokens: 200,
    cached_tokens: 150,
    cached_tokens_details: { text_tokens: 50, audio_tokens: 100 },
  },
  output_token_details: { text_tokens: 20, audio_tokens: 100 },
};
const TURN_COST = 50 * 4 + 50 * 0.4 + 100 * 32 + 100 * 0.4 + 20 * 24 + 100 * 64;

function turn(eventId: string): UsageEventInput {
  return { eventId, kind: 'response', usage: TURN };
}

function heard(eventId: string, model?: string): UsageEventInput {
  return { eventId, kind: 'transcription', model, usage: { type: 'duration', seconds: 6 } };
}

async function mint(api: TestApi): Promise<string> {
  const { sessionId } = await createToken(api.as(ADA), {});
  return sessionId;
}

async function readRow(api: TestApi, id: string) {
  const [row] = await api.database.read('select * from sessions where id = ?1', [id]);
  return row;
}

/** What the statement that ends a session does. */
async function close(api: TestApi, id: string): Promise<void> {
  await api.database.write({
    sql: `update sessions set state = 'ended', deadline_at = null, ended_at = ?2, duration_seconds = 60 where id = ?1`,
    args: [id, api.clock.now()],
  });
}

test('responses are priced and summed up as they come', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  const first = await reportUsage(api.as(ADA), { sessionId, events: [turn('resp_1')] });
  expect(first).toEqual({ counted: 1, duplicates: 0 });
  expect(await readRow(api, sessionId)).toMatchObject({ cost_micro_usd: TURN_COST, cost_status: 'known' });

  await reportUsage(api.as(ADA), {
    sessionId,
    events: [turn('resp_2'), heard('item_1:0', 'gpt-realtime-whisper')],
  });
  const row = await readRow(api, sessionId);
  expect(row).toMatchObject({
    state: 'connected',
    cost_micro_usd: 2 * TURN_COST + 1_700,
    cost_status: 'known',
    cost_source: 'responses',
    price_version: '2026-11-21',
  });
  expect(JSON.parse(String(row?.['usage']))).toEqual({
    responses: 2,
    total_tokens: 840,
    input_tokens: 600,
    output_tokens: 240,
    input_token_details: {
      text_tokens: 200,
      audio_tokens: 400,
      image_tokens: 0,
      cached_tokens: 300,
      cached_tokens_details: { text_tokens: 100, audio_tokens: 200, image_tokens: 0 },
    },
    output_token_details: { text_tokens: 40, audio_tokens: 200 },
    input_transcription: { input_tokens: 0, output_tokens: 0, total_tokens: 0, seconds: 6 },
  });
});

test('a repeated report counts nothing and changes nothing', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  const events = [turn('resp_1'), turn('resp_2'), turn('resp_2')];
  expect(await reportUsage(api.as(ADA), { sessionId, events })).toEqual({ counted: 2, duplicates: 1 });
  const before = await readRow(api, sessionId);
  api.clock.advance(5_000);
  expect(await reportUsage(api.as(ADA), { sessionId, events })).toEqual({ counted: 0, duplicates: 3 });
  const all = await Promise.all(
    Array.from({ length: 20 }, () => reportUsage(api.as(ADA), { sessionId, events: [turn('resp_2')] })),
  );
  expect(all.every(({ counted }) => counted === 0)).toBe(true);
  expect(await readRow(api, sessionId)).toEqual(before);
});

test('one event that many send at once is counted once', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  const receipts = await Promise.all(
    Array.from({ length: 50 }, () => reportUsage(api.as(ADA), { sessionId, events: [turn('resp_1')] })),
  );
  expect(receipts.reduce((sum, { counted }) => sum + counted, 0)).toBe(1);
  expect(await readRow(api, sessionId)).toMatchObject({ cost_micro_usd: TURN_COST });
});

test("somebody else's session is not found, an operator's neither", async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  const input = { sessionId, events: [turn('resp_1')] };
  for (const actor of [BOB, OPERATOR]) {
    await expect(reportUsage(api.as(actor), input)).rejects.toMatchObject({ code: 'not_found' });
  }
  await expect(reportUsage(api.as(NOBODY), input)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(
    reportUsage(api.as(ADA), { ...input, sessionId: 'ses_00000000000000000000000000' }),
  ).rejects.toMatchObject({ code: 'not_found' });
  expect(await readRow(api, sessionId)).toMatchObject({ state: 'issued', cost_micro_usd: null });
});

test('an event without a price makes the cost an estimate by the length, and never less than what is known', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  api.clock.advance(60_000);
  const { model, issued_at: issuedAt } = (await readRow(api, sessionId)) ?? {};
  await reportUsage(api.as(ADA), { sessionId, events: [turn('resp_1'), heard('item_1:0')] });
  expect(await readRow(api, sessionId)).toMatchObject({
    cost_micro_usd: estimateMicroUsd(String(model), 60, Number(issuedAt)),
    cost_status: 'estimated',
    cost_source: 'duration',
  });
  const many = Array.from({ length: 20 }, (_, index) => turn(`resp_more_${index}`));
  await reportUsage(api.as(ADA), { sessionId, events: many });
  expect(await readRow(api, sessionId)).toMatchObject({
    cost_micro_usd: 21 * TURN_COST,
    cost_status: 'estimated',
  });
});

test('an event that cannot be split costs no less than its cheapest reading, also after the end', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  api.clock.advance(1_000);
  const usage = {
    total_tokens: 200,
    input_tokens: 100,
    output_tokens: 100,
    input_token_details: { text_tokens: 50, audio_tokens: 50, cached_tokens: 50 },
    output_token_details: { text_tokens: 50, audio_tokens: 50 },
  };
  const least = 50 * 4 + 50 * 0.4 + 50 * 24 + 50 * 64;
  const report = async (eventId: string, told: object) =>
    await reportUsage(api.as(ADA), {
      sessionId,
      events: [{ eventId, kind: 'response', usage: { ...usage, ...told } }],
    });
  await report('resp_1', {});
  const expected = { cost_micro_usd: least, cost_status: 'estimated', cost_source: 'reported' };
  expect(await readRow(api, sessionId)).toMatchObject(expected);
  await endSession(api.as(ADA), { sessionId, duration: 1, messageCount: 1, endedBy: 'user' });
  expect(await readRow(api, sessionId)).toMatchObject(expected);

  await report('resp_2', { input_token_details: { text_tokens: 11_300 } });
  const row = await readRow(api, sessionId);
  expect(row).toMatchObject({ ...expected, cost_micro_usd: least + 100 * 4 + 50 * 24 + 50 * 64 });
  expect(JSON.parse(String(row?.['usage']))).toMatchObject({ input_tokens: 100, output_tokens: 200 });
});

test('a response without any usage is no free one', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  api.clock.advance(10_000);
  await reportUsage(api.as(ADA), {
    sessionId,
    events: [{ eventId: 'resp_1', kind: 'response', usage: null }],
  });
  expect(await readRow(api, sessionId)).toMatchObject({ cost_status: 'estimated', cost_source: 'duration' });
});

test('the model of a response is the session’s own, whatever the client says', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  await reportUsage(api.as(ADA), {
    sessionId,
    events: [{ ...turn('resp_1'), model: 'gpt-realtime-2.1-mini' }],
  });
  expect(await readRow(api, sessionId)).toMatchObject({ cost_micro_usd: TURN_COST });
});

test('usage that comes after the end corrects what the budgets were charged, for a day', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  await reportUsage(api.as(ADA), { sessionId, events: [turn('resp_1')] });
  await close(api, sessionId);
  const readSpent = async () => {
    const rows = await api.database.read(
      `select spent_micro_usd as spent from allowances where kind in ('project', 'user')`,
    );
    return rows.map(({ spent }) => spent);
  };
  await api.database.writeAll(
    [
      ['project', ''],
      ['user', ADA.id],
    ].map((subject) => ({
      sql: `insert into allowances (kind, subject, window_start, window_count, period_start, first_seen_at, last_seen_at)
        values (?1, ?2, 0, 0, 0, 0, 0) on conflict do nothing`,
      args: subject,
    })),
  );
  const before = await readSpent();
  expect(before).toHaveLength(2);
  api.clock.advance(3_600_000);
  await reportUsage(api.as(ADA), { sessionId, events: [turn('resp_2')] });
  expect(await readRow(api, sessionId)).toMatchObject({ state: 'ended', cost_micro_usd: 2 * TURN_COST });
  expect(await readSpent()).toEqual(before.map((spent) => Number(spent) + TURN_COST));

  api.clock.advance(86_400_000);
  await expect(reportUsage(api.as(ADA), { sessionId, events: [turn('resp_3')] })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await readRow(api, sessionId)).toMatchObject({ cost_micro_usd: 2 * TURN_COST });
});

test('a session has an end of what it holds', async ({ expect }) => {
  await using api = await createTestApi();
  const sessionId = await mint(api);
  await api.database.write({
    sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
      insert into usage_events (session_id, event_id, kind, at) select ?1, 'resp_' || i, 'response', 0 from n`,
    args: [sessionId],
  });
  await expect(reportUsage(api.as(ADA), { sessionId, events: [turn('one_more')] })).rejects.toMatchObject({
    code: 'payload_too_large',
  });
});
