import { test } from 'vitest';

import { createFakeStream } from '../../test/fake-media.ts';
import { createHarness } from '../../test/harness.ts';
import type { Levels } from '../index.ts';

test('measures both sides, twenty times a second', async ({ expect }) => {
  const h = createHarness();
  const levels: Levels[] = [];
  h.session.on('levels', (each) => levels.push(each));
  await h.connect();
  const remote = createFakeStream();
  h.peer.addRemoteStream(remote);
  h.context.loudness.set(remote, 0.25).set(h.microphones[0] ?? remote, 0.5);
  await h.clock.advance(100);
  expect(levels).toHaveLength(2);
  expect(levels.at(-1)).toEqual({ microphone: 0.5, remote: 0.25 });
});

test('a context that does not run measures nothing rather than silence', async ({ expect }) => {
  const h = createHarness();
  const levels: Levels[] = [];
  const silences: boolean[] = [];
  h.session.on('levels', (each) => levels.push(each));
  h.session.on('microphone_silent', (isSilent) => silences.push(isSilent));
  await h.connect();
  h.context.state = 'suspended';
  await h.clock.advance(5_000);
  expect(levels.at(-1)).toEqual({ microphone: null, remote: null });
  expect(silences).toEqual([]);
});

test('notices a microphone that gives nothing but zeros, and when it comes alive', async ({ expect }) => {
  const h = createHarness();
  const silences: boolean[] = [];
  h.session.on('microphone_silent', (isSilent) => silences.push(isSilent));
  await h.connect();
  await h.clock.advance(1_900);
  expect(silences).toEqual([]);
  await h.clock.advance(200);
  expect(silences).toEqual([true]);
  const [stream] = h.microphones;
  if (stream) h.context.loudness.set(stream, 0.0001);
  await h.clock.advance(50);
  expect(silences).toEqual([true, false]);
});

test('does not take a pause for a dead microphone', async ({ expect }) => {
  const h = createHarness();
  const silences: boolean[] = [];
  h.session.on('microphone_silent', (isSilent) => silences.push(isSilent));
  await h.connect();
  const [stream] = h.microphones;
  if (stream) h.context.loudness.set(stream, 0.1);
  await h.clock.advance(50);
  if (stream) h.context.loudness.set(stream, 0);
  await h.clock.advance(10_000);
  expect(silences).toEqual([]);
});

test('does not take a muted microphone for a dead one', async ({ expect }) => {
  const h = createHarness({ isMuted: true });
  const silences: boolean[] = [];
  h.session.on('microphone_silent', (isSilent) => silences.push(isSilent));
  await h.connect();
  await h.clock.advance(10_000);
  expect(silences).toEqual([]);
});

test('tells once when the first sound of the other side is heard', async ({ expect }) => {
  const h = createHarness();
  const heard: number[] = [];
  h.session.on('first_audio', ({ ms }) => heard.push(ms));
  await h.connect();
  const remote = createFakeStream();
  h.peer.addRemoteStream(remote);
  h.context.loudness.set(remote, 0.0005);
  await h.clock.advance(1_000);
  expect(heard).toEqual([]);
  h.context.loudness.set(remote, 0.1);
  await h.clock.advance(1_000);
  expect(heard).toEqual([1_050]);
});

test('works without meters and without an audio element, as React Native does', async ({ expect }) => {
  const h = createHarness({ platform: { createAudioContext: null, createAudioOutput: null } });
  const levels: Levels[] = [];
  h.session.on('levels', (each) => levels.push(each));
  await h.connect();
  h.peer.addRemoteStream(createFakeStream());
  await h.clock.advance(1_000);
  await h.session.resumePlayback();
  expect(levels).toEqual([]);
  expect(await h.session.end()).toMatchObject({ endedBy: 'user' });
});

function refuse(): never {
  throw new DOMException('out of contexts', 'NotSupportedError');
}

test('a call goes on where levels cannot be measured', async ({ expect }) => {
  const contextless = createHarness({ platform: { createAudioContext: refuse } });
  expect(await contextless.connect()).toMatchObject({ status: 'connected' });

  const meterless = createHarness();
  meterless.context.createMediaStreamSource = refuse;
  const levels: Levels[] = [];
  meterless.session.on('levels', (each) => levels.push(each));
  expect(await meterless.connect()).toMatchObject({ status: 'connected' });
  await meterless.clock.advance(50);
  expect(levels).toEqual([{ microphone: null, remote: null }]);
});
