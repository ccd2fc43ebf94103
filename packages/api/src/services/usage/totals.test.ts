import { sessions } from '@ephemera/db';
import { eq } from 'drizzle-orm';
import { test } from 'vitest';

import { ADA, createTestApi } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { estimateMicroUsd } from '../../pricing/estimate.ts';
import { createToken } from '../tokens/create.ts';
import { closingCost } from './cost-sql.ts';
import { reportUsage } from './report.ts';
import { createTotalsStatements } from './totals.ts';

const TOTALS = {
  responses: 2,
  responses_without_usage: 0,
  total_tokens: 300,
  input_tokens: 200,
  output_tokens: 100,
  input_token_details: { text_tokens: 0, audio_tokens: 200, cached_tokens: 0 },
  output_token_details: { text_tokens: 0, audio_tokens: 100 },
};
const TOTALS_COST = 200 * 32 + 100 * 64;
const TURN = {
  eventId: 'resp_1',
  kind: 'response',
  usage: {
    input_tokens: 10,
    output_tokens: 0,
    input_token_details: { text_tokens: 10 },
  },
} as const;

async function mint(api: TestApi): Promise<string> {
  const { sessionId } = await createToken(api.as(ADA), {});
  return sessionId;
}

async function getRow(api: TestApi, id: string) {
  const [row] = await api.database.orm.select().from(sessions).where(eq(sessions.id, id));
  if (row === undefined) throw new Error('no such session');
  return row;
}

/** Ends a session as the verb does: the sums, then the statement that closes. */
async function close(api: TestApi, id: string, usage: Record<string, unknown> | null): Promise<void> {
  const session = await getRow(api, id);
  const nowMs = api.clock.now();
  await api.database.writeAll([
    ...(usage === null ? [] : createTotalsStatements({ session, usage, nowMs })),
    {
      sql: `update sessions set state = 'ended', deadline_at = null, ended_at = ?2, duration_seconds = 60,
        ${closingCost({ estimate: '?3', version: '?4' })} where id = ?1`,
      args: [id, nowMs, estimateMicroUsd(session.model ?? '', 60, session.issuedAt.getTime()), '2026-11-21'],
    },
  ]);
}

test('sums count where no single event came', async ({ expect }) => {
  await using api = await createTestApi();
  const id = await mint(api);
  await close(api, id, TOTALS);
  expect(await getRow(api, id)).toMatchObject({
    costMicroUsd: TOTALS_COST,
    costStatus: 'known',
    costSource: 'totals',
    priceVersion: '2026-11-21',
  });
  expect(
    await api.database.read('select audio_input, audio_output, known_micro_usd from usage_hours'),
  ).toEqual([{ audio_input: 200, audio_output: 100, known_micro_usd: TOTALS_COST }]);
});

test('single events are the better account where they cover as much, before the end and after it', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const [early, late] = [await mint(api), await mint(api)];
  const turn = {
    ...TURN,
    usage: { input_tokens: 300, output_tokens: 0, input_token_details: { text_tokens: 300 } },
  };
  await reportUsage(api.as(ADA), { sessionId: early, events: [turn] });
  await close(api, early, TOTALS);
  await close(api, late, TOTALS);
  await reportUsage(api.as(ADA), { sessionId: late, events: [turn] });
  for (const id of [early, late]) {
    expect(await getRow(api, id)).toMatchObject({
      costMicroUsd: 1_200,
      costStatus: 'known',
      costSource: 'responses',
    });
  }
  expect(await api.database.read('select text_input, audio_input, known_micro_usd from usage_hours')).toEqual(
    [{ text_input: 600, audio_input: 0, known_micro_usd: 2_400 }],
  );
});

test('events that cover less than the sums lower nothing, before the end and after it', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const [early, late] = [await mint(api), await mint(api)];
  await reportUsage(api.as(ADA), { sessionId: early, events: [TURN] });
  await close(api, early, TOTALS);
  await close(api, late, TOTALS);
  const settled = await getRow(api, late);
  const report = { sessionId: late, events: [TURN] };
  expect(await reportUsage(api.as(ADA), report)).toEqual({ counted: 0, duplicates: 1 });
  expect(await getRow(api, late)).toEqual(settled);
  for (const id of [early, late]) {
    expect(await getRow(api, id)).toMatchObject({ costMicroUsd: TOTALS_COST, costSource: 'totals' });
  }
});

test('sums without a price are not known for one event that comes later', async ({ expect }) => {
  await using api = await createTestApi();
  const id = await mint(api);
  await close(api, id, { total_tokens: 500_000, input_tokens: 0, output_tokens: 0 });
  const { costMicroUsd } = await getRow(api, id);
  await reportUsage(api.as(ADA), { sessionId: id, events: [TURN] });
  expect(await getRow(api, id)).toMatchObject({ costMicroUsd, costStatus: 'estimated' });
});

for (const [what, usage] of Object.entries({
  'no sums': null,
  'sums without details': { total_tokens: 300, input_tokens: 200, output_tokens: 100 },
  'sums that leave responses out': { ...TOTALS, responses_without_usage: 1 },
  'sums with a transcription of an unknown model': { ...TOTALS, input_transcription: { seconds: 3 } },
  'numbers without sense': { ...TOTALS, input_tokens: 1e15 },
  'negative numbers': { ...TOTALS, output_tokens: -1 },
})) {
  test(`${what}: the length decides, and the cost is called an estimate`, async ({ expect }) => {
    await using api = await createTestApi();
    const id = await mint(api);
    await close(api, id, usage);
    const row = await getRow(api, id);
    expect(row).toMatchObject({ costStatus: 'estimated', costSource: 'duration' });
    expect(row.costMicroUsd).toBe(estimateMicroUsd(row.model ?? '', 60, row.issuedAt.getTime()));
  });
}

test('what was estimated on the way does not outlast the length that is known at the end', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const id = await mint(api);
  api.clock.advance(500_000);
  await reportUsage(api.as(ADA), {
    sessionId: id,
    events: [TURN, { eventId: 'resp_2', kind: 'response', usage: null }],
  });
  const onTheWay = await getRow(api, id);
  await close(api, id, null);
  const row = await getRow(api, id);
  expect(row).toMatchObject({ costStatus: 'estimated', costSource: 'duration' });
  expect(row.costMicroUsd).toBe(estimateMicroUsd(row.model ?? '', 60, row.issuedAt.getTime()));
  expect(row.costMicroUsd).toBeLessThan(onTheWay.costMicroUsd ?? 0);
});

test('a model without a price leaves the cost unknown, and the hour says so', async ({ expect }) => {
  await using api = await createTestApi();
  const id = await mint(api);
  await api.database.write({ sql: `update sessions set model = 'gpt-99' where id = ?1`, args: [id] });
  await reportUsage(api.as(ADA), { sessionId: id, events: [TURN] });
  await close(api, id, null);
  expect(await getRow(api, id)).toMatchObject({
    costMicroUsd: null,
    costStatus: 'unknown',
    costSource: null,
  });
  expect(
    await api.database.read('select unknown_costs, known_micro_usd, estimated_micro_usd from usage_hours'),
  ).toEqual([{ unknown_costs: 1, known_micro_usd: 0, estimated_micro_usd: 0 }]);
});
