import type { JSX } from 'solid-js';

/** An `e` whose end dissolves: a credential that is gone soon. */
export function Logo(props: { class?: string }): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" class={props.class ?? 'size-8'} aria-hidden="true">
      <rect width="32" height="32" rx="8" class="fill-accent" />
      <g class="fill-on-accent stroke-on-accent">
        <path
          d="M9.2 16.6h13.3a6.8 6.8 0 1 0-2.6 5.1"
          fill="none"
          stroke-width="2.8"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
        <circle cx="15.4" cy="24.6" r="1.5" opacity="0.7" stroke="none" />
        <circle cx="10.6" cy="23.2" r="1.15" opacity="0.45" stroke="none" />
      </g>
    </svg>
  );
}
