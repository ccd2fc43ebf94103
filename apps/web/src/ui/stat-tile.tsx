import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

type StatTileProps = {
  label: string;
  /** The number. */
  children: JSX.Element;
  /** One line below it: what the number is made of, or compared with. */
  note?: JSX.Element;
  meter?: JSX.Element;
  /** Where the whole of it is listed. */
  href?: string | undefined;
};

/** One number that matters, with its name above and what it means below. */
export function StatTile(props: StatTileProps): JSX.Element {
  return (
    <div
      class={`card relative flex min-w-0 flex-col gap-1 p-4 transition-colors ${props.href === undefined ? '' : 'hover:border-control has-focus-visible:border-accent'}`}
    >
      <dt class="text-table text-text-2">
        <Show when={props.href} fallback={props.label}>
          {(href) => (
            <A href={href()} class="text-text-2 no-underline after:absolute after:inset-0 after:rounded-card">
              {props.label}
            </A>
          )}
        </Show>
      </dt>
      <dd class="flex min-w-0 flex-1 flex-col gap-1">
        <span class="text-h2 font-semibold tracking-tight figures sm:text-h1">{props.children}</span>
        <Show when={props.meter}>
          <div class="py-1">{props.meter}</div>
        </Show>
        <Show when={props.note}>
          <span class="text-table text-text-2 figures">{props.note}</span>
        </Show>
      </dd>
    </div>
  );
}

/** Tiles beside each other, as many as fit. */
export function StatTiles(props: { label: string; children: JSX.Element; class?: string }): JSX.Element {
  return (
    <section aria-label={props.label}>
      <dl class={`grid gap-3 ${props.class ?? 'grid-cols-2 lg:grid-cols-4'}`}>{props.children}</dl>
    </section>
  );
}
