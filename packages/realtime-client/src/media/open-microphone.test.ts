import { test } from 'vitest';

import { fakeAs } from '../../test/fake-as.ts';
import { createFakeStream } from '../../test/fake-media.ts';
import { listMicrophones, openMicrophone } from './open-microphone.ts';

test('asks for a clean voice, from the chosen device exactly', async ({ expect }) => {
  const asked: unknown[] = [];
  const mediaDevices = {
    getUserMedia: (constraints: unknown) => {
      asked.push(constraints);
      return Promise.resolve(createFakeStream());
    },
    enumerateDevices: () => Promise.resolve([]),
  };
  await openMicrophone({}, { mediaDevices });
  await openMicrophone({ deviceId: 'usb' }, { mediaDevices });
  const voice = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  expect(asked).toEqual([{ audio: voice }, { audio: { ...voice, deviceId: { exact: 'usb' } } }]);
});

test('lists microphones only', async ({ expect }) => {
  const devices = [
    { kind: 'audioinput', deviceId: 'a', label: 'Headset', groupId: 'g' },
    { kind: 'audiooutput', deviceId: 'b', label: 'Speaker', groupId: 'g' },
  ];
  const mediaDevices = {
    getUserMedia: () => Promise.resolve(createFakeStream()),
    enumerateDevices: () => Promise.resolve(fakeAs<MediaDeviceInfo[]>(devices)),
  };
  expect(await listMicrophones({ mediaDevices })).toEqual([{ deviceId: 'a', label: 'Headset' }]);
});

test('a platform without devices is unsupported', async ({ expect }) => {
  await expect(openMicrophone()).rejects.toMatchObject({ code: 'unsupported' });
});
