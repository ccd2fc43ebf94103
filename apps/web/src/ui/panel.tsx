import type { JSX } from 'solid-js';

export function Panel(props: {
  title: string;
  children: JSX.Element;
  /** Beside the title: a choice or a button that belongs to this panel. */
  aside?: JSX.Element;
  class?: string;
}): JSX.Element {
  return (
    <section class={`card flex flex-col gap-4 p-4 sm:p-5 ${props.class ?? ''}`} aria-label={props.title}>
      <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 class="text-body font-semibold">{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

export function Fact(props: { label: string; children: JSX.Element; class?: string }): JSX.Element {
  return (
    <div class={`flex min-w-0 flex-col gap-0.5 ${props.class ?? ''}`}>
      <dt class="text-caption text-text-3">{props.label}</dt>
      <dd class="min-w-0 wrap-anywhere text-body">{props.children}</dd>
    </div>
  );
}

/** Unknown or none: never an empty cell, never a zero. */
export function Nothing(): JSX.Element {
  return <span class="text-text-3">—</span>;
}
