import { createSignal, onCleanup, Show } from 'solid-js';
import type { JSX } from 'solid-js';

const DELAY_MS = 200;

/** Shows its children only after 200 ms: a fast answer never flickers. */
export function Delayed(props: { children: JSX.Element }): JSX.Element {
  const [isDue, setIsDue] = createSignal(false);
  const timer = setTimeout(() => setIsDue(true), DELAY_MS);
  onCleanup(() => clearTimeout(timer));
  return <Show when={isDue()}>{props.children}</Show>;
}

export function Skeleton(props: { class: string }): JSX.Element {
  return <div aria-hidden="true" class={`animate-sheen rounded-control bg-muted ${props.class}`} />;
}
