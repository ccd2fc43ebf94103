import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleDashed from 'lucide-solid/icons/circle-dashed';
import CircleDot from 'lucide-solid/icons/circle-dot';
import FlaskConical from 'lucide-solid/icons/flask-conical';
import Hourglass from 'lucide-solid/icons/hourglass';
import PowerOff from 'lucide-solid/icons/power-off';
import Unplug from 'lucide-solid/icons/unplug';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { Badge } from '../../ui/badge.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { describeStatus, findSilence, isReachable } from './node-state.ts';
import type { Look } from './node-state.ts';
import { useNodeText } from './node-text.ts';
import type { NodeSummary } from './node-types.ts';

const ICONS: Readonly<Record<Look, typeof Unplug>> = {
  good: CircleCheck,
  busy: Hourglass,
  new: CircleDashed,
  other: CircleDot,
  lost: Unplug,
  gone: PowerOff,
};

/** What the directory says of a node; a word of its own is shown as it is. */
export function StatusBadge(props: { status: string }): JSX.Element {
  const { t } = useNodeText();
  const view = () => describeStatus(props.status);
  const word = () => {
    const { message } = view();
    return message === null ? props.status : t(message);
  };
  return (
    <Badge tone={view().tone} icon={<Dynamic component={ICONS[view().look]} aria-hidden="true" />}>
      {word()}
    </Badge>
  );
}

/** Since when nobody has heard a node that cannot be reached. Since when one is up nobody measures. */
export function SilentSince(props: { node: Pick<NodeSummary, 'status' | 'lastSeenAt'> }): JSX.Element {
  const { t, format } = useNodeText();
  const since = () => (isReachable(props.node.status) ? null : props.node.lastSeenAt);
  return (
    <Show when={since()}>
      {(at) => (
        <time
          datetime={at()}
          title={format().dateTime(new Date(at()))}
          class="text-caption text-text-3 figures"
        >
          {t('seen.since', { time: format().dateTimeShort(new Date(at())) })}
        </time>
      )}
    </Show>
  );
}

export function DemoBadge(): JSX.Element {
  const { t } = useNodeText();
  return (
    <Badge tone="warning" icon={<FlaskConical aria-hidden="true" />} title={t('demo.hint')}>
      {t('demo')}
    </Badge>
  );
}

/** A share of what it can carry; unknown is not none, and what a silent node once told is fainter. */
export function LoadCell(props: { node: Pick<NodeSummary, 'name' | 'load' | 'status'> }): JSX.Element {
  const { t, format } = useNodeText();
  const isFresh = () => isReachable(props.node.status);
  return (
    <Show
      when={props.node.load !== null}
      fallback={
        <span title={t('load.unknown')}>
          <Nothing />
          <span class="sr-only">{t('load.unknown')}</span>
        </span>
      }
    >
      <span
        class={`flex min-w-24 items-center gap-2 ${isFresh() ? '' : 'text-text-3'}`}
        title={isFresh() ? undefined : t('load.last')}
      >
        <MeterBar
          label={t('load.of', { name: props.node.name })}
          text={format().percent(props.node.load ?? 0)}
          value={(props.node.load ?? 0) * 100}
          max={100}
          class={`min-w-12 flex-1 ${isFresh() ? '' : 'opacity-55'}`}
        />
        <span class="w-9 shrink-0 text-end font-mono text-caption figures">
          {format().percent(Math.round((props.node.load ?? 0) * 100) / 100)}
        </span>
      </span>
    </Show>
  );
}

const MINUTE_SECONDS = 60;

/** To the second while that tells whether a node still beats. */
export function LastSeen(props: { at: string | null; now: number }): JSX.Element {
  const { t, plural, format } = useNodeText();
  const silence = () => findSilence(props.at, props.now) ?? 0;
  const words = (at: Date) =>
    silence() < MINUTE_SECONDS
      ? plural('seen.seconds', Math.floor(silence()))
      : format().relative(at, new Date(props.now));
  return (
    <Show when={props.at} fallback={<span class="text-text-3">{t('seen.never')}</span>}>
      {(at) => (
        <time datetime={at()} title={format().dateTime(new Date(at()))} class="whitespace-nowrap figures">
          {words(new Date(at()))}
        </time>
      )}
    </Show>
  );
}

const SHOWN = 3;

export function Capabilities(props: { names: readonly string[]; isWhole?: boolean }): JSX.Element {
  const { plural } = useNodeText();
  const shown = () => (props.isWhole === true ? props.names : props.names.slice(0, SHOWN));
  const more = () => props.names.length - shown().length;
  return (
    <Show when={props.names.length > 0} fallback={<Nothing />}>
      <span class="flex flex-wrap gap-1" title={props.names.join(', ')}>
        <For each={shown()}>
          {(name) => (
            <span class="max-w-44 truncate rounded-chip bg-muted px-1.5 py-0.5 font-mono text-caption text-text-2">
              {name}
            </span>
          )}
        </For>
        <Show when={more() > 0}>
          <span class="py-0.5 text-caption text-text-3">{plural('capabilities.more', more())}</span>
        </Show>
      </span>
    </Show>
  );
}

export function Waiting(props: { node: Pick<NodeSummary, 'pendingMessages'> }): JSX.Element {
  const { format } = useNodeText();
  return (
    <span class={`font-mono figures ${props.node.pendingMessages === 0 ? 'text-text-3' : ''}`}>
      {format().integer(props.node.pendingMessages)}
    </span>
  );
}
