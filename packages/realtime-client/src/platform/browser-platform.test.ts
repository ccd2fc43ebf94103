import { test } from 'vitest';

import { fakeAs } from '../../test/fake-as.ts';
import { FakePeerConnection } from '../../test/fake-peer.ts';
import { createBrowserPlatform } from './browser-platform.ts';
import { createElementOutput } from './element-output.ts';

const MINIMUM = {
  RTCPeerConnection: fakeAs<typeof RTCPeerConnection>(FakePeerConnection),
  mediaDevices: { getUserMedia: () => Promise.reject(new Error('unused')), enumerateDevices: async () => [] },
};

test('needs only two parts where there is no window', ({ expect }) => {
  const platform = createBrowserPlatform(MINIMUM);
  expect(platform.createAudioContext).toBeNull();
  expect(platform.createAudioOutput).toBeNull();
  platform.addPageCloseListener(() => undefined)();
});

test('names what is missing', ({ expect }) => {
  expect(() => createBrowserPlatform()).toThrow(/RTCPeerConnection/);
  expect(() => createBrowserPlatform({ RTCPeerConnection: MINIMUM.RTCPeerConnection })).toThrow(
    /mediaDevices/,
  );
});

test('its clock starts and cancels timers', async ({ expect }) => {
  const { clock } = createBrowserPlatform(MINIMUM);
  const cancel = clock.startTimer(0, () => expect.fail('was cancelled'));
  cancel();
  const before = clock.monotonicMs();
  await new Promise<void>((resolve) => void clock.startTimer(1, resolve));
  expect(clock.monotonicMs()).toBeGreaterThan(before);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
});

test('plays through one inline element', async ({ expect }) => {
  const calls: string[] = [];
  const element = {
    autoplay: false,
    srcObject: null,
    setAttribute: (name: string) => calls.push(name),
    play: () => (
      calls.push('play'),
      element.srcObject ? Promise.resolve() : Promise.reject(new Error('nothing yet'))
    ),
    pause: () => calls.push('pause'),
  };
  const output = createElementOutput(fakeAs(element));
  output.unlock();
  await output.play(fakeAs({ id: 'stream' }));
  expect(element).toMatchObject({ autoplay: true, srcObject: { id: 'stream' } });
  output.close();
  expect(element.srcObject).toBeNull();
  expect(calls).toEqual(['playsinline', 'play', 'play', 'pause']);
});
