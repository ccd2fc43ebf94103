import type { LoggedEvent, SessionState } from '@ephemera/realtime-client';
import { test } from 'vitest';

import { nextActivity } from './activity.ts';
import type { Activity } from './activity.ts';
import { canRetryWithRelay, describeCall } from './call-status.ts';
import { CODE_FLAVOURS, writeCode } from './code-samples.ts';
import { findLoss } from './connection-tab.tsx';
import { estimateUsdPerMinute } from './cost.ts';
import { appendLine, createLogLine, filterLines, LOG_LIMIT, serializeLog } from './event-log.ts';
import { barLength, easeLevel, scaleLevel } from './orb.ts';
import { completeConfig, createSessionConfig, findTranscriptionModel } from './playground-config.ts';
import type { ModelEntry, PlaygroundConfig } from './playground-config.ts';
import { findCallKey } from './shortcuts.ts';
import { findMedian, findSlowest } from './turn-times.ts';

const config: PlaygroundConfig = {
  model: 'gpt-realtime-2.1',
  voice: 'cedar',
  instructions: ' Say "it’s fine". ',
  icePolicy: 'relay',
  deviceId: '',
};

const model: ModelEntry = {
  id: 'gpt-realtime-2.1',
  kind: 'realtime',
  isDefault: true,
  voices: ['marin', 'cedar'],
  shutdownAt: null,
  replacement: null,
  prices: {
    unit: 'usd_per_million_tokens',
    text: { input: 4, cachedInput: 0.4, output: 24 },
    audio: { input: 32, cachedInput: 0.4, output: 64 },
    image: null,
  },
};

const received = (type: 'response.created', atMs: number): LoggedEvent => ({
  direction: 'in',
  atMs,
  event: { type, event_id: `e${atMs}`, response: { id: 'r1' } },
});

test('the session holds what was chosen and nothing that was left empty', ({ expect }) => {
  expect(createSessionConfig(config, 'gpt-live-transcribe')).toEqual({
    type: 'realtime',
    model: 'gpt-realtime-2.1',
    instructions: 'Say "it’s fine".',
    audio: { input: { transcription: { model: 'gpt-live-transcribe' } }, output: { voice: 'cedar' } },
  });
  expect(createSessionConfig({ ...config, model: '', voice: '', instructions: ' ' }, null)).toEqual({
    type: 'realtime',
    audio: {},
  });
});

test('a model that is gone gives way to the default, its voice to one that exists', ({ expect }) => {
  const list = { defaultModel: model.id, models: [model] };
  expect(completeConfig({ ...config, model: 'gone', voice: 'gone' }, list)).toMatchObject({
    model: model.id,
    voice: 'marin',
  });
  expect(completeConfig(config, list)).toBe(config);
});

test('the speaker’s words are written down by a model that stays', ({ expect }) => {
  const transcriber = (id: string, shutdownAt: string | null, isDefault = false): ModelEntry => ({
    ...model,
    id,
    kind: 'transcription',
    shutdownAt,
    isDefault,
  });
  const models = [
    model,
    transcriber('old', '2027-02-26'),
    transcriber('new', null),
    transcriber('best', null, true),
  ];
  expect(findTranscriptionModel(models)).toBe('best');
  expect(findTranscriptionModel(models.slice(0, 3))).toBe('new');
  expect(findTranscriptionModel([model])).toBeNull();
});

test('a minute of half and half costs what the audio tokens cost; an unknown price stays unknown', ({
  expect,
}) => {
  expect(estimateUsdPerMinute(model.prices)).toBeCloseTo(0.048);
  expect(estimateUsdPerMinute({ unit: 'usd_per_minute', audio: 0.017 })).toBe(0.017);
  expect(estimateUsdPerMinute(null)).toBeNull();
});

test.for(CODE_FLAVOURS)('the %s code holds this very configuration', (flavour, { expect }) => {
  const session = createSessionConfig(config, null);
  const code = writeCode(flavour, { origin: 'https://broker.test', session, icePolicy: 'relay' });
  expect(code).toContain('https://broker.test');
  expect(code).toContain('gpt-realtime-2.1');
  expect(code).toContain('cedar');
  expect(code.includes("iceTransportPolicy: 'relay'")).toBe(flavour === 'client');
});

test('curl survives an apostrophe in the instructions', ({ expect }) => {
  const session = createSessionConfig({ ...config, instructions: "it's" }, null);
  const code = writeCode('curl', { origin: 'https://broker.test', session, icePolicy: 'all' });
  expect(code).toContain(String.raw`it'\''s`);
});

test('the log keeps the newest lines', ({ expect }) => {
  let lines: ReturnType<typeof appendLine> = [];
  for (let id = 1; id <= LOG_LIMIT + 5; id += 1) {
    lines = appendLine(lines, createLogLine(id, received('response.created', id)));
  }
  expect([lines.length, lines[0]?.id, lines.at(-1)?.id]).toEqual([LOG_LIMIT, 6, LOG_LIMIT + 5]);
});

test('the log is searched by type, and by content from three letters on', ({ expect }) => {
  const lines = [createLogLine(1, received('response.created', 7))];
  expect(filterLines(lines, 'RESPONSE')).toHaveLength(1);
  expect(filterLines(lines, '"e7"')).toHaveLength(1);
  expect(filterLines(lines, 'e7')).toHaveLength(0);
  expect(serializeLog(lines)).toContain('7 ms in {');
});

test('an event of an unknown type is logged as it came', ({ expect }) => {
  const raw = { type: 'response.surprise', detail: 1 };
  const line = createLogLine(1, { direction: 'in', atMs: 3, event: { unknown: true, type: raw.type, raw } });
  expect(JSON.parse(line.text)).toEqual(raw);
});

const after = (events: string[]) => events.reduce<Activity>(nextActivity, 'listening');

test('who speaks follows the events', ({ expect }) => {
  expect(after(['input_audio_buffer.speech_started'])).toBe('user_speaking');
  expect(after(['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped'])).toBe('listening');
  expect(after(['output_audio_buffer.started', 'response.done'])).toBe('assistant_speaking');
  expect(
    after([
      'output_audio_buffer.started',
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
    ]),
  ).toBe('user_speaking');
});

test('each step of connecting has its own words', ({ expect }) => {
  const connecting: SessionState = { status: 'connecting', step: 'sdp_exchange', steps: [], secret: null };
  expect(describeCall(connecting, 'listening').key).toBe('state.sdp_exchange');
  expect(describeCall({ status: 'idle' }, 'listening').key).toBe('state.idle');
});

test('a call that came to its time limit says so', ({ expect }) => {
  const ended: SessionState = {
    status: 'ended',
    secret: null,
    steps: [],
    endedBy: 'timeout',
    reason: 'time_limit',
    error: null,
    durationSeconds: 1_800,
    messageCount: 4,
    usage: null,
  };
  expect(describeCall(ended, 'listening')).toEqual({ key: 'state.timeUp', tone: 'warning' });
});

test('a relay is offered only where it can help', ({ expect }) => {
  expect(canRetryWithRelay('ice_failed', 'all')).toBe(true);
  expect(canRetryWithRelay('ice_failed', 'relay')).toBe(false);
  expect(canRetryWithRelay('microphone_denied', 'all')).toBe(false);
});

const press = (code: string, target: EventTarget | null, ctrlKey = false) =>
  findCallKey({ code, ctrlKey, metaKey: false, altKey: false, repeat: false, target });

test('M and E are keys of the call, except where somebody types', ({ expect }) => {
  expect(press('KeyM', document.body)).toBe('mute');
  expect(press('KeyE', document.body)).toBe('end');
  expect(press('KeyE', document.createElement('input'))).toBeNull();
  expect(press('KeyE', document.createElement('textarea'))).toBeNull();
  expect(press('KeyE', document.body, true)).toBeNull();
});

test('median and slowest of the turns', ({ expect }) => {
  expect([findMedian([]), findMedian([5]), findMedian([9, 1, 5]), findMedian([4, 1, 3, 2])]).toEqual([
    null,
    5,
    5,
    2.5,
  ]);
  expect([findSlowest([]), findSlowest([3, 9, 4])]).toEqual([null, 9]);
});

test('loss is unknown before a packet was expected', ({ expect }) => {
  expect(findLoss({ packetsReceived: 0, packetsLost: 0 })).toBeNull();
  expect(findLoss({ packetsReceived: 99, packetsLost: 1 })).toBe(0.01);
});

test('levels rise fast, fall slowly and stay within the ring', ({ expect }) => {
  expect([scaleLevel(null), scaleLevel(0), scaleLevel(0.9)]).toEqual([0, 0, 1]);
  const rise = easeLevel(0, 1, 40);
  const fall = 1 - easeLevel(1, 0, 40);
  expect(rise).toBeGreaterThan(fall);
  for (let index = 0; index < 72; index += 1) {
    const length = barLength(index, 1, 3.7);
    expect(length).toBeGreaterThanOrEqual(0);
    expect(length).toBeLessThanOrEqual(1);
  }
});
