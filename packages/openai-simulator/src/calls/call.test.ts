import { test } from 'vitest';

import { FakeClock } from '../../test/support/fake-clock.ts';
import { createEventAudioOutput } from '../core/audio-output.ts';
import { createEffectiveSession } from '../core/session-config.ts';
import { Pacer } from '../engine/pacer.ts';
import type { FaultAction } from '../faults/fault.ts';
import { createSimulation } from '../simulation.ts';
import { Call } from './call.ts';

function createCall(faults: FaultAction[] = []) {
  const clock = new FakeClock();
  let count = 0;
  const simulation = createSimulation({
    apiKeys: ['sk-a'],
    answerDelayMs: 0,
    script: null,
    clock,
    nowSeconds: () => 0,
    createId: (prefix) => `${prefix}${(count += 1)}`,
    voice: { speak: () => Promise.resolve(new Int16Array(480)) },
    peer: { pacer: new Pacer(), udpPort: 0, onTrouble: () => {} },
  });
  const done: string[] = [];
  const session = createEffectiveSession('sess_1', undefined);
  const call = new Call(
    { id: 'rtc_1', simulation, session, safetyIdentifier: 'user-7', faults },
    {
      kind: 'websocket',
      output: createEventAudioOutput(clock),
      send: (text) => done.push(`sent ${/"type":"([^"]+)"/.exec(text)?.[1]}`),
      closeChannel: () => done.push('channel closed'),
      close: () => done.push('closed'),
      findSelectedPair: () => null,
    },
  );
  return { call, clock, done };
}

test('a call that nobody takes up is given up after half a minute', async ({ expect }) => {
  const { call, clock, done } = createCall();
  await clock.advance(29_999);
  expect(call.summary.state).toBe('waiting');
  await clock.advance(1);
  expect([call.summary.state, ...done]).toEqual(['ended', 'closed']);
});

test('a call that was taken up goes on', async ({ expect }) => {
  const { call, clock, done } = createCall();
  call.start();
  await clock.advance(60_000);
  expect([call.summary.state, ...done]).toEqual(['active', 'sent session.created']);
  expect(call.summary).toMatchObject({
    sessionId: 'sess_1',
    safetyIdentifier: 'user-7',
    model: 'gpt-realtime-2.1',
  });
});

test('an observer gets every event, and the end only by a hang-up', ({ expect }) => {
  const seen: string[] = [];
  const observer = { send: (text: string) => seen.push(text), close: () => seen.push('closed') };
  const dropped = createCall().call;
  dropped.observe(observer);
  dropped.end();
  expect(seen).toEqual([]);
  const { call } = createCall();
  call.observe(observer);
  call.start();
  call.hangUp();
  expect(seen).toEqual([expect.stringContaining('session.created'), 'closed']);
});

test('faults of a call come when they are due', async ({ expect }) => {
  const { call, clock, done } = createCall([
    { kind: 'error_event', afterMs: 100 },
    { kind: 'close_channel', afterMs: 200 },
  ]);
  call.start();
  await clock.advance(150);
  expect(done).toEqual(['sent session.created', 'sent error']);
  await clock.advance(100);
  expect(done.at(-1)).toBe('channel closed');
});
