// Held against the declarations that the provider ships, so that a drift of either side shows here.
import type {
  RealtimeServerEvent,
  RealtimeSessionCreateRequest,
  RealtimeTranscriptionSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import { test } from 'vitest';

import { clientSecretRequestSchema, clientSecretResponseSchema } from './client-secret.ts';
import { parseServerEvent, type ServerEvent } from './server-events.ts';
import type { RealtimeSessionConfig, TranscriptionSessionConfig } from './session.ts';

/** `true` where nothing is left over; otherwise what is, so that the compiler names it. */
type IsEmpty<T> = [T] extends [never] ? true : T;

test('every field of a session that is accepted here is one that the provider declares', ({ expect }) => {
  const realtime: IsEmpty<Exclude<keyof RealtimeSessionConfig, keyof RealtimeSessionCreateRequest>> = true;
  const transcription: IsEmpty<
    Exclude<keyof TranscriptionSessionConfig, keyof RealtimeTranscriptionSessionCreateRequest>
  > = true;
  expect([realtime, transcription]).toEqual([true, true]);
});

test('every event that is modelled here is one that the provider declares', ({ expect }) => {
  const isDeclared: IsEmpty<Exclude<ServerEvent['type'], RealtimeServerEvent['type']>> = true;
  expect(isDeclared).toBe(true);
});

const declaredEvents: RealtimeServerEvent[] = [
  { type: 'session.created', event_id: 'e1', session: { type: 'realtime', model: 'gpt-realtime-2.1' } },
  { type: 'input_audio_buffer.speech_started', event_id: 'e2', audio_start_ms: 10, item_id: 'i1' },
  { type: 'input_audio_buffer.speech_stopped', event_id: 'e3', audio_end_ms: 900, item_id: 'i1' },
  { type: 'input_audio_buffer.committed', event_id: 'e4', item_id: 'i1', previous_item_id: null },
  {
    type: 'conversation.item.added',
    event_id: 'e5',
    item: {
      id: 'i1',
      type: 'message',
      role: 'user',
      content: [{ type: 'input_audio', transcript: 'hello' }],
    },
  },
  {
    type: 'conversation.item.input_audio_transcription.completed',
    event_id: 'e6',
    item_id: 'i1',
    content_index: 0,
    transcript: 'hello',
    usage: { type: 'duration', seconds: 0.9 },
  },
  { type: 'response.created', event_id: 'e7', response: { id: 'r1', status: 'in_progress' } },
  {
    type: 'response.content_part.added',
    event_id: 'e8',
    response_id: 'r1',
    item_id: 'i2',
    output_index: 0,
    content_index: 0,
    part: { type: 'audio', transcript: '' },
  },
  {
    type: 'response.output_audio_transcript.delta',
    event_id: 'e9',
    response_id: 'r1',
    item_id: 'i2',
    output_index: 0,
    content_index: 0,
    delta: 'Hi',
  },
  {
    type: 'conversation.item.truncated',
    event_id: 'e10',
    item_id: 'i2',
    content_index: 0,
    audio_end_ms: 250,
  },
  {
    type: 'response.done',
    event_id: 'e11',
    response: {
      id: 'r1',
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
    },
  },
  { type: 'error', event_id: 'e12', error: { type: 'invalid_request_error', message: 'No.', code: null } },
];

for (const event of declaredEvents) {
  test(`${event.type} in the provider's declaration is read as what it is`, ({ expect }) => {
    expect(parseServerEvent(JSON.stringify(event))).toEqual(event);
  });
}

test('an event of tomorrow is kept with everything it carried', ({ expect }) => {
  const raw = { type: 'response.hologram.delta', event_id: 'e1', light: [1, 2] };
  expect(parseServerEvent(JSON.stringify(raw))).toEqual({ unknown: true, type: raw.type, raw });
});

test('a known event in a shape we do not know is kept, not half read', ({ expect }) => {
  const raw = { type: 'input_audio_buffer.speech_started', event_id: 'e1', audio_start_ms: 'soon' };
  expect(parseServerEvent(JSON.stringify(raw))).toEqual({ unknown: true, type: raw.type, raw });
});

test("the beta's names are read as today's", ({ expect }) => {
  const beta = {
    type: 'response.text.delta',
    event_id: 'e1',
    response_id: 'r',
    item_id: 'i',
    output_index: 0,
    content_index: 0,
    delta: 'x',
  };
  expect(parseServerEvent(JSON.stringify(beta))).toEqual({ ...beta, type: 'response.output_text.delta' });
});

test('what is no event at all is null', ({ expect }) => {
  expect(['not json', '[]', '{}', 'null', '{"type":1}'].map(parseServerEvent)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('a request outside the documented bounds, or with an unknown field, is refused', ({ expect }) => {
  const bad = [
    { expires_after: { seconds: 9 } },
    { expires_after: { seconds: 7_201 } },
    { session: { type: 'realtime', output_modalities: ['text', 'audio'] } },
    { session: { type: 'realtime', temperature: 0.8 } },
    { session: { model: 'gpt-realtime-2.1' } },
    { beta: true },
  ];
  expect(bad.map((body) => clientSecretRequestSchema.safeParse(body).success)).toEqual(bad.map(() => false));
});

test("the provider's own example of an answer, whose session.expires_at is 0, is accepted", ({ expect }) => {
  const answer = {
    value: 'ek_68af296e8e408191a1120ab6383263c2',
    expires_at: 1_756_310_470,
    session: { id: 'sess_1', type: 'realtime', object: 'realtime.session', expires_at: 0 },
  };
  expect(clientSecretResponseSchema.parse(answer)).toEqual(answer);
});
