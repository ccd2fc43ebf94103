import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';

export type DotTone = 'accent' | 'success' | 'danger' | 'off' | 'running';

const DOTS: Readonly<Record<DotTone, string>> = {
  accent: 'bg-accent',
  success: 'bg-success',
  danger: 'bg-danger',
  off: 'bg-control',
  running: 'bg-success animate-blink',
};

/** One entry of an ordered list of what happened; the line to the next one is drawn here. */
export function TimelineItem(props: {
  tone: DotTone;
  title: JSX.Element;
  action?: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <li class="group relative flex gap-3 pb-4 last:pb-0" data-action={props.action}>
      <span
        aria-hidden="true"
        class="absolute inset-y-0 start-[5px] top-4 w-px bg-border group-last:hidden"
      />
      <span
        aria-hidden="true"
        class={`relative mt-1.5 size-[11px] shrink-0 rounded-full ${DOTS[props.tone]}`}
      />
      <div class="min-w-0 flex-1">
        <p class="text-body font-medium">{props.title}</p>
        {props.children}
      </div>
    </li>
  );
}

/** When it was and by whom, and what else is known of it, as it is. */
export function TimelineFacts(props: { at: string; by: string; facts: readonly string[] }): JSX.Element {
  const { format } = useI18n();
  return (
    <>
      <p class="wrap-anywhere text-table text-text-2">
        <time datetime={props.at}>{format().dateTime(new Date(props.at))}</time>
        {' · '}
        {props.by}
      </p>
      <Show when={props.facts.length > 0}>
        <p class="wrap-anywhere font-mono text-caption text-text-3">{props.facts.join(' · ')}</p>
      </Show>
    </>
  );
}
