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
