import CircleCheck from 'lucide-solid/icons/circle-check';
import Mic from 'lucide-solid/icons/mic';
import MicOff from 'lucide-solid/icons/mic-off';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import Volume2 from 'lucide-solid/icons/volume-2';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { LevelBar } from './level-bar.tsx';
import type { MicrophoneCheck } from './microphone.ts';
import { playTestTone } from './test-tone.ts';

type MicrophonePanelProps = {
  check: MicrophoneCheck;
  deviceId: string;
  isInCall: boolean;
  readCallLevel: () => number | null;
  onDevice: (deviceId: string) => void;
};

function ToneButton(): JSX.Element {
  const { t } = useI18n();
  const [isPlaying, setIsPlaying] = createSignal(false);
  async function play(): Promise<void> {
    setIsPlaying(true);
    await playTestTone(() => new AudioContext()).finally(() => setIsPlaying(false));
  }
  return (
    <Button size="compact" variant="quiet" disabled={isPlaying()} onClick={() => void play()}>
      <Volume2 aria-hidden="true" class="size-4" />
      {t(isPlaying() ? 'mic.tonePlaying' : 'mic.tone')}
    </Button>
  );
}

function DeviceSelect(props: MicrophonePanelProps): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.check.devices().length > 0}>
      <Field id="microphone" label={t('mic.device')}>
        <Select
          id="microphone"
          disabled={props.isInCall}
          onChange={(event) => props.onDevice(event.currentTarget.value)}
        >
          <option value="" selected={props.deviceId === ''}>
            {t('mic.default')}
          </option>
          <For
            each={props.check.devices().filter(({ deviceId }) => deviceId !== '' && deviceId !== 'default')}
          >
            {(device, index) => (
              <option value={device.deviceId} selected={device.deviceId === props.deviceId}>
                {device.label === '' ? t('mic.unnamed', { number: index() + 1 }) : device.label}
              </option>
            )}
          </For>
        </Select>
      </Field>
    </Show>
  );
}

function StatusBadge(props: { check: MicrophoneCheck; isInCall: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <Switch
      fallback={
        <Badge tone="neutral" icon={<Mic aria-hidden="true" />}>
          {t('mic.notAsked')}
        </Badge>
      }
    >
      <Match when={props.check.state().status === 'refused'}>
        <Badge tone="danger" icon={<MicOff aria-hidden="true" />}>
          {t('mic.notWorking')}
        </Badge>
      </Match>
      <Match when={props.isInCall || props.check.state().status === 'open'}>
        <Badge tone="success" icon={<CircleCheck aria-hidden="true" />}>
          {t('mic.ready')}
        </Badge>
      </Match>
    </Switch>
  );
}

function LevelLine(props: MicrophonePanelProps): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-col gap-1.5">
      <LevelBar
        label={t('mic.level')}
        tone="in"
        read={() => (props.isInCall ? props.readCallLevel() : props.check.readLevel())}
      />
      <Show when={!props.isInCall}>
        <Show
          when={props.check.isSilent()}
          fallback={
            <p class="text-caption text-text-3">{t(props.check.wasHeard() ? 'mic.heard' : 'mic.speak')}</p>
          }
        >
          <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />} isAlert>
            {t('mic.silent')}
          </Notice>
        </Show>
      </Show>
    </div>
  );
}

/** Permission, device, level and output, tried before the call. */
export function MicrophonePanel(props: MicrophonePanelProps): JSX.Element {
  const { t } = useI18n();
  const refusal = () => {
    const state = props.check.state();
    return state.status === 'refused' && !props.isInCall ? state.reason : null;
  };
  const isOpen = () => props.check.state().status === 'open';
  const isMetered = () => isOpen() || props.isInCall;
  return (
    <section class="flex flex-col gap-3" aria-labelledby="mic-title">
      <div class="flex items-center justify-between gap-2">
        <h3 id="mic-title" class="text-table font-medium">
          {t('mic.title')}
        </h3>
        <StatusBadge check={props.check} isInCall={props.isInCall} />
      </div>
      <Show when={refusal()}>
        {(reason) => (
          <Notice tone="danger" icon={<MicOff aria-hidden="true" />} isAlert>
            {t(`mic.${reason()}`)}
          </Notice>
        )}
      </Show>
      <DeviceSelect {...props} />
      <Show when={isMetered()}>
        <LevelLine {...props} />
      </Show>
      <div class="flex flex-wrap items-center gap-1.5">
        <Show when={!isMetered()}>
          <Button
            size="compact"
            disabled={props.check.state().status === 'asking'}
            onClick={() => void props.check.open(props.deviceId)}
          >
            <Mic aria-hidden="true" class="size-4" />
            {t(props.check.state().status === 'asking' ? 'mic.allowing' : 'mic.check')}
          </Button>
        </Show>
        <ToneButton />
      </div>
    </section>
  );
}
