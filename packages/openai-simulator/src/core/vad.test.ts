import { test } from 'vitest';

import { advanceVad, createVadSettings, SILENT_VAD, type VadEvent, type VadSettings } from './vad.ts';

const SPEECH_DB = -20;
const ROOM_DB = -60;

function run(stretches: readonly [durationMs: number, levelDb: number][], settings: VadSettings): VadEvent[] {
  let state = SILENT_VAD;
  const events: VadEvent[] = [];
  for (const [durationMs, levelDb] of stretches) {
    for (let passed = 0; passed < durationMs; passed += 20) {
      const step = advanceVad(state, levelDb, settings);
      state = step.state;
      if (step.event !== null) events.push(step.event);
    }
  }
  return events;
}

const SERVER = createVadSettings({ type: 'server_vad' });

test('a turn begins with the padding before its first voiced frame and ends after the silence', ({
  expect,
}) => {
  const events = run(
    [
      [1_000, ROOM_DB],
      [2_000, SPEECH_DB],
      [1_000, ROOM_DB],
    ],
    SERVER,
  );
  expect(events).toEqual([
    { kind: 'started', startMs: 700 },
    { kind: 'stopped', startMs: 700, endMs: 3_500, speechMs: 2_000 },
  ]);
});

test('a pause shorter than the silence does not split the turn', ({ expect }) => {
  const events = run(
    [
      [500, ROOM_DB],
      [600, SPEECH_DB],
      [400, ROOM_DB],
      [600, SPEECH_DB],
      [800, ROOM_DB],
    ],
    SERVER,
  );
  expect(events.map((event) => event.kind)).toEqual(['started', 'stopped']);
  expect(events[1]).toMatchObject({ speechMs: 1_600 });
});

test('a click of 40 ms is no turn', ({ expect }) => {
  expect(
    run(
      [
        [500, ROOM_DB],
        [40, SPEECH_DB],
        [1_000, ROOM_DB],
      ],
      SERVER,
    ),
  ).toEqual([]);
});

test('a steady noise that rises is taken for the room, a voice above it is heard', ({ expect }) => {
  const settings = createVadSettings({ type: 'server_vad', threshold: 0 });
  const noisy = Array.from({ length: 20 }, (_, step): [number, number] => [500, -70 + step]);
  const events = run([...noisy, [800, -20], [1_000, -51]], settings);
  expect(events.map((event) => event.kind)).toEqual(['started', 'stopped']);
});

test('a higher threshold ignores what a lower one hears', ({ expect }) => {
  const whisper: [number, number][] = [
    [500, -70],
    [800, -40],
    [1_000, -70],
  ];
  expect(run(whisper, createVadSettings({ type: 'server_vad', threshold: 0.5 }))).toHaveLength(2);
  expect(run(whisper, createVadSettings({ type: 'server_vad', threshold: 0.9 }))).toHaveLength(0);
});

const endAfter = (eagerness: 'low' | 'high') => {
  const settings = createVadSettings({ type: 'semantic_vad', eagerness });
  return run(
    [
      [200, ROOM_DB],
      [400, SPEECH_DB],
      [2_000, ROOM_DB],
    ],
    settings,
  )[1];
};

test('eagerness decides how long semantic detection waits', ({ expect }) => {
  expect(endAfter('high')).toMatchObject({ endMs: 1_000 });
  expect(endAfter('low')).toMatchObject({ endMs: 1_600 });
});
