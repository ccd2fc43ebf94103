import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

const TONES: Readonly<Record<Tone, string>> = {
  neutral: 'bg-muted text-text-2',
  accent: 'bg-accent-soft text-accent',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

/** A word with an icon: the colour is never the only sign. */
export function Badge(props: {
  tone: Tone;
  icon?: JSX.Element;
  children: JSX.Element;
  title?: string;
}): JSX.Element {
  return (
    <span
      class={`inline-flex w-fit items-center align-middle gap-1 whitespace-nowrap rounded-chip px-1.5 py-0.5 text-caption font-medium [&_svg]:size-3.5 ${TONES[props.tone]}`}
      title={props.title}
    >
      <Show when={props.icon}>{props.icon}</Show>
      {props.children}
    </span>
  );
}
