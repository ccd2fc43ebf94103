import type { LevelMeter, Microphone } from '@ephemera/realtime-client';
import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import type { RealtimeLoader } from './realtime-module.ts';

export type MicrophoneState =
  | { status: 'unchecked' }
  | { status: 'asking' }
  | { status: 'open' }
  | { status: 'refused'; reason: 'denied' | 'missing' | 'failed' | 'unsupported' };

export type MicrophoneCheck = {
  state: Accessor<MicrophoneState>;
  devices: Accessor<readonly Microphone[]>;
  /** Nothing but zeros for two seconds: a mute switch or a dead device, never a quiet room. */
  isSilent: Accessor<boolean>;
  wasHeard: Accessor<boolean>;
  open(deviceId: string): Promise<void>;
  /** Lets go of the device. */
  close(): void;
  readLevel(): number | null;
};

const SILENCE_MS = 2_000;
const AUDIBLE_RMS = 0.012;

type OpenMicrophone = { stream: MediaStream; context: AudioContext; meter: LevelMeter };

function readReason(error: unknown): 'denied' | 'missing' | 'failed' | 'unsupported' {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'microphone_denied') return 'denied';
  if (code === 'microphone_missing') return 'missing';
  return code === 'unsupported' ? 'unsupported' : 'failed';
}

function release(opened: OpenMicrophone): void {
  opened.meter.close();
  for (const track of opened.stream.getTracks()) track.stop();
  void opened.context.close();
}

/** Tries the microphone before a call, so that trouble shows while nothing costs anything. */
export function createMicrophoneCheck(loader: RealtimeLoader, now: () => number): MicrophoneCheck {
  const [state, setState] = createSignal<MicrophoneState>({ status: 'unchecked' });
  const [devices, setDevices] = createSignal<readonly Microphone[]>([]);
  const [isSilent, setIsSilent] = createSignal(false);
  const [wasHeard, setWasHeard] = createSignal(false);
  let opened: OpenMicrophone | null = null;
  let lastSoundAt = 0;

  function close(): void {
    if (opened !== null) release(opened);
    opened = null;
    setIsSilent(false);
    if (state().status === 'open') setState({ status: 'unchecked' });
  }

  return {
    state,
    devices,
    isSilent,
    wasHeard,
    close,
    async open(deviceId) {
      close();
      setWasHeard(false);
      setState({ status: 'asking' });
      try {
        const client = await loader.load();
        const stream = await client.openMicrophone(deviceId === '' ? {} : { deviceId });
        const context = new AudioContext();
        opened = { stream, context, meter: client.createLevelMeter(stream, context) };
        lastSoundAt = now();
        setState({ status: 'open' });
        setDevices(await client.listMicrophones());
      } catch (error) {
        setState({ status: 'refused', reason: readReason(error) });
      }
    },
    readLevel() {
      const level = opened?.meter.read() ?? null;
      if (level === null) return null;
      if (level > 0) lastSoundAt = now();
      setIsSilent(now() - lastSoundAt > SILENCE_MS);
      if (level > AUDIBLE_RMS) setWasHeard(true);
      return level;
    },
  };
}
