import { test } from 'vitest';

import { ADA, BOB, createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import { createToken } from '../tokens/create.ts';
import { endSession } from './end.ts';
import { getSession } from './get.ts';
import { reportConnected } from './report-connected.ts';

const PAIR = { local: 'relay', remote: 'host', protocol: 'udp' };

test('marks the session connected; repeating fills gaps and overwrites nothing', async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId, secret } = await createToken(api.as(ADA), {});
  api.clock.advance(900);
  const report = { sessionId, transport: 'webrtc', callId: 'rtc_1' } as const;
  expect(await reportConnected(api.as(ADA), report)).toEqual({ ok: true });
  api.clock.advance(5_000);
  const again = {
    sessionId: secret.session.id,
    transport: 'websocket',
    callId: 'rtc_2',
    icePair: PAIR,
  } as const;
  expect(await reportConnected(api.as(ADA), again)).toEqual({ ok: true });
  expect(await getSession(api.as(ADA), { id: sessionId })).toMatchObject({
    state: 'connected',
    connectedAt: new Date(START_MS + 900).toISOString(),
    transport: 'webrtc',
    callId: 'rtc_1',
    icePair: PAIR,
  });
});

test('a report that comes after the end does not open the session again', async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId } = await createToken(api.as(ADA), {});
  await endSession(api.as(ADA), { sessionId, duration: 0, messageCount: 0, endedBy: 'user' });
  expect(await reportConnected(api.as(ADA), { sessionId, transport: 'webrtc' })).toEqual({ ok: true });
  expect(await getSession(api.as(ADA), { id: sessionId })).toMatchObject({
    state: 'ended',
    connectedAt: null,
  });
});

test("refuses another's id as it refuses an unknown one", async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId } = await createToken(api.as(ADA), {});
  const report = { transport: 'webrtc' } as const;
  const unknown: unknown = await reportConnected(api.as(BOB), { ...report, sessionId: 'sess_none' }).catch(
    (error: unknown) => error,
  );
  expect(unknown).toMatchObject({ code: 'not_found' });
  for (const actor of [BOB, OPERATOR]) {
    await expect(reportConnected(api.as(actor), { ...report, sessionId })).rejects.toEqual(unknown);
  }
  expect(await getSession(api.as(ADA), { id: sessionId })).toMatchObject({ state: 'issued' });
});

test("the provider's id names a session before it begins, while it runs and after", async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId, secret } = await createToken(api.as(ADA), {});
  const { id } = secret.session;
  for (const actor of [ADA, OPERATOR])
    expect(await getSession(api.as(actor), { id })).toMatchObject({ id: sessionId, state: 'issued' });
  await reportConnected(api.as(ADA), { sessionId: id, transport: 'webrtc' });
  expect(await getSession(api.as(OPERATOR), { id })).toMatchObject({ id: sessionId, state: 'connected' });
  await endSession(api.as(ADA), { sessionId: id, duration: 0, messageCount: 0, endedBy: 'user' });
  expect(await getSession(api.as(ADA), { id })).toMatchObject({ id: sessionId, state: 'ended' });
  await expect(getSession(api.as(BOB), { id })).rejects.toMatchObject({ code: 'not_found' });
});

test("a secret that nobody used goes by the provider's id, also when it is over", async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId, secret } = await createToken(api.as(ADA), {});
  const { id } = secret.session;
  api.clock.advance(1_799_999);
  expect(await getSession(api.as(ADA), { id })).toMatchObject({ id: sessionId, state: 'issued' });
  api.clock.advance(1);
  const over = { id: sessionId, state: 'ended', endedBy: 'timeout', reason: 'never_connected' };
  expect(await getSession(api.as(ADA), { id })).toMatchObject(over);
  api.clock.advance(86_400_000);
  expect(await getSession(api.as(ADA), { id })).toMatchObject(over);
});
