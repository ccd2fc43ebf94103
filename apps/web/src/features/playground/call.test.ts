import type {
  RealtimeSession,
  SessionEventName,
  SessionEvents,
  SessionState,
} from '@ephemera/realtime-client';
import { createRoot } from 'solid-js';
import { test, vi } from 'vitest';

import { createCall } from './call.ts';
import type { CallClient, FindClient } from './call.ts';

type Listener = (event: SessionEvents[SessionEventName]) => void;

/** A session that does what the test says. */
function createFakeSession() {
  const listeners = new Map<SessionEventName, Listener>();
  const session = {
    state: { status: 'idle' },
    transcript: [],
    isMuted: false,
    connect: vi.fn<RealtimeSession['connect']>(() => Promise.reject(new Error('told by the state'))),
    end: vi.fn<RealtimeSession['end']>(() => Promise.resolve(null)),
    on(name: SessionEventName, listener: unknown) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because one map holds the listeners of all events
      listeners.set(name, listener as Listener);
      return () => undefined;
    },
    setMuted: vi.fn<RealtimeSession['setMuted']>(),
    setMicrophone: () => Promise.resolve(),
    sendText: vi.fn<RealtimeSession['sendText']>(),
    interrupt: vi.fn<RealtimeSession['interrupt']>(),
    send: () => undefined,
    resumePlayback: () => Promise.resolve(),
  } satisfies Record<keyof RealtimeSession, unknown>;
  const emit = <N extends SessionEventName>(name: N, event: SessionEvents[N]) => listeners.get(name)?.(event);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because `on` is generic in the original
  return { session: session as unknown as RealtimeSession, calls: session, emit };
}

function create(find?: (client: CallClient) => ReturnType<FindClient>) {
  const fake = createFakeSession();
  const client: CallClient = {
    createRealtimeSession: () => fake.session,
    createBroker: () => {
      throw new Error('not in this test');
    },
  };
  const call = createRoot(() => createCall(() => find?.(client) ?? client));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the fake never reads its options
  const start = () => call.start(() => ({}) as Parameters<CallClient['createRealtimeSession']>[0]);
  return { ...fake, call, start };
}

const secret = { sessionId: 'ses_1', model: null, secretExpiresAt: new Date(0), warnings: [] };
const connected: SessionState = {
  status: 'connected',
  secret,
  steps: [],
  connectedAt: new Date(0),
  callId: null,
  icePair: null,
  path: 'live',
};

test('a client that is loaded connects within the click', ({ expect }) => {
  const { calls, start } = create();
  start();
  expect(calls.connect).toHaveBeenCalledTimes(1);
});

test('a client that still loads shows the first step, then connects', async ({ expect }) => {
  const { call, calls, start } = create((client) => Promise.resolve(client));
  start();
  expect(call.state()).toMatchObject({ status: 'connecting', step: 'token' });
  await vi.waitFor(() => expect(calls.connect).toHaveBeenCalledTimes(1));
});

test('giving up while the client loads starts no call', async ({ expect }) => {
  const { call, calls, start } = create((client) => Promise.resolve(client));
  start();
  call.end();
  await Promise.resolve();
  await Promise.resolve();
  expect(call.state().status).toBe('idle');
  expect(calls.connect).not.toHaveBeenCalled();
});

test('a client that cannot be loaded is a failure to show', async ({ expect }) => {
  const { call, start } = create(() => Promise.reject(new TypeError('Failed to fetch')));
  start();
  await vi.waitFor(() => expect(call.loadFailure()?.message).toBe('Failed to fetch'));
  expect(call.state().status).toBe('idle');
});

test('events become log, activity and measures', ({ expect }) => {
  const { call, emit, start } = create();
  start();
  const event = {
    type: 'input_audio_buffer.speech_started',
    event_id: 'e',
    audio_start_ms: 0,
    item_id: 'i',
  } as const;
  emit('event', { direction: 'in', atMs: 5, event });
  emit('first_audio', { ms: 900 });
  emit('turn_latency', { ms: 300 });
  emit('turn_latency', { ms: 500 });
  expect(call.log().map(({ type }) => type)).toEqual([event.type]);
  expect(call.activity()).toBe('user_speaking');
  expect(call.metrics()).toMatchObject({ firstAudioMs: 900, turns: [300, 500] });
});

test('text and interruption need a running call', ({ expect }) => {
  const { call, calls, emit, start } = create();
  start();
  call.sendText('too early');
  call.interrupt();
  emit('state', connected);
  call.sendText('now');
  call.interrupt();
  expect(calls.sendText.mock.calls).toEqual([['now']]);
  expect(calls.interrupt).toHaveBeenCalledTimes(1);
});

test('a new call begins with a clean page', ({ expect }) => {
  const { call, emit, start } = create();
  start();
  emit('turn_latency', { ms: 300 });
  emit('microphone_silent', true);
  expect(call.warning()).toBe('silent');
  start();
  expect([call.metrics().turns, call.warning(), call.log()]).toEqual([[], null, []]);
});

test('the time limit is told a minute before it, and no longer once it is reached', ({ expect }) => {
  const { call, emit, start } = create();
  start();
  emit('time_almost_up', { remainingSeconds: 60 });
  expect(call.warning()).toBe('time_almost_up');
  emit('time_up', null);
  expect(call.warning()).toBeNull();
});
