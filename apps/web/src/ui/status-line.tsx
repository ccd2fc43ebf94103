import CircleCheck from 'lucide-solid/icons/circle-check';
import { createEffect, on, onCleanup, Show } from 'solid-js';
import type { JSX } from 'solid-js';

const SHOWN_MS = 6_000;

/** What was just done, in one line that goes by itself. Nothing in it needs to be read in time. */
export function StatusLine(props: { text: string; onGone: () => void }): JSX.Element {
  createEffect(
    on(
      () => props.text,
      (text) => {
        if (text === '') return;
        const timer = setTimeout(() => props.onGone(), SHOWN_MS);
        onCleanup(() => clearTimeout(timer));
      },
    ),
  );
  return (
    <div
      role="status"
      class="pointer-events-none fixed inset-x-0 bottom-20 z-40 grid place-items-center sm:bottom-6"
    >
      <Show when={props.text !== ''}>
        <p class="flex animate-appear items-center gap-2 rounded-control bg-text px-4 py-2.5 text-body font-medium text-bg shadow-popover">
          <CircleCheck aria-hidden="true" class="size-4" />
          {props.text}
        </p>
      </Show>
    </div>
  );
}
