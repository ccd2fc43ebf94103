import type { ClientEvent, SessionConfig } from '@ephemera/realtime-protocol';

import { type AudioOutput, createEventAudioOutput, type PlaybackHooks } from '../../src/core/audio-output.ts';
import type { ServerEvent } from '../../src/core/events.ts';
import { createMind } from '../../src/core/mind.ts';
import type { ScriptInput } from '../../src/core/script.ts';
import { scriptSchema } from '../../src/core/script.ts';
import { createEffectiveSession } from '../../src/core/session-config.ts';
import { RealtimeSession } from '../../src/core/session.ts';
import { FakeClock } from './fake-clock.ts';
import { createSpeech } from './sound.ts';

const FRAME_MS = 20;

/** Plays as a track would, by the fake clock. */
function createFakeTrack(clock: FakeClock): AudioOutput {
  return {
    carriage: 'track',
    play(pcm: Int16Array, hooks: PlaybackHooks) {
      let playedMs = 0;
      let isStopped = false;
      const totalMs = pcm.length / 24;
      const step = () => {
        if (isStopped) return;
        if (playedMs === 0) hooks.onStarted();
        playedMs = Math.min(totalMs, playedMs + FRAME_MS);
        hooks.onProgress(playedMs, new Int16Array(480));
        if (playedMs < totalMs) clock.after(FRAME_MS, step);
        else hooks.onFinished();
      };
      clock.after(FRAME_MS, step);
      return {
        playedMs: () => playedMs,
        stop: () => {
          isStopped = true;
        },
      };
    },
  };
}

export type Bench = {
  session: RealtimeSession;
  clock: FakeClock;
  events: ServerEvent[];
  types(): string[];
  ofType<Type extends ServerEvent['type']>(type: Type): Extract<ServerEvent, { type: Type }>[];
  send(event: ClientEvent): void;
  speak(speechMs: number, silenceMs: number): Promise<void>;
  isExpired(): boolean;
};

export type BenchOptions = {
  session?: SessionConfig;
  carriage?: 'track' | 'events';
  script?: ScriptInput;
  answerDelayMs?: number;
  answerMs?: number;
  voiceFails?: boolean;
};

/** A session with everything around it replaced: time, voice, track. Its answers last `answerMs` (default 1 s). */
export function createBench(options: BenchOptions = {}): Bench {
  const clock = new FakeClock();
  const events: ServerEvent[] = [];
  let lastId = 0;
  let isExpired = false;
  const session = new RealtimeSession(
    {
      clock,
      createId: (prefix) => `${prefix}${(lastId += 1)}`,
      mind: createMind({
        script: options.script === undefined ? null : scriptSchema.parse(options.script),
        answerDelayMs: options.answerDelayMs ?? 0,
      }),
      voice: {
        speak: () =>
          options.voiceFails === true
            ? Promise.reject(new Error('the voice is gone'))
            : Promise.resolve(createSpeech(options.answerMs ?? 1_000)),
      },
      output: options.carriage === 'events' ? createEventAudioOutput(clock) : createFakeTrack(clock),
      deliver: (event) => events.push(event),
      onExpired: () => {
        isExpired = true;
      },
    },
    createEffectiveSession('sess_bench', options.session),
  );
  return {
    session,
    clock,
    events,
    types: () => events.map((event) => event.type),
    ofType: <Type extends ServerEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<ServerEvent, { type: Type }> => event.type === type),
    send: (event) => session.receive(JSON.stringify(event)),
    async speak(speechMs, silenceMs) {
      const speech = createSpeech(speechMs);
      for (let offset = 0; offset < speech.length; offset += 480) {
        session.hear(speech.subarray(offset, offset + 480));
        await clock.advance(FRAME_MS);
      }
      for (let passed = 0; passed < silenceMs; passed += FRAME_MS) {
        session.hear(new Int16Array(480));
        await clock.advance(FRAME_MS);
      }
    },
    isExpired: () => isExpired,
  };
}
