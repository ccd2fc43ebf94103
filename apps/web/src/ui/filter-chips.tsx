import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from './button.tsx';

export type FilterChip = { id: string; text: string; removeLabel: string };

/** What filters a list right now: each can be taken away, or all at once. */
export function FilterChips(props: {
  label: string;
  clearLabel: string;
  chips: readonly FilterChip[];
  onRemove: (id: string) => void;
  onClear: () => void;
}): JSX.Element {
  return (
    <Show when={props.chips.length > 0}>
      <div class="flex flex-wrap items-center gap-2">
        <ul class="contents" aria-label={props.label}>
          <For each={props.chips}>
            {(chip) => (
              <li class="inline-flex max-w-full items-center rounded-control bg-accent-soft ps-2.5 text-table font-medium text-accent">
                <span class="min-w-0 truncate">{chip.text}</span>
                <button
                  type="button"
                  class="grid size-7 shrink-0 place-items-center rounded-control hover:text-text touch-target"
                  aria-label={chip.removeLabel}
                  title={chip.removeLabel}
                  onClick={() => props.onRemove(chip.id)}
                >
                  <X aria-hidden="true" class="size-3.5" />
                </button>
              </li>
            )}
          </For>
        </ul>
        <Button variant="quiet" size="compact" onClick={() => props.onClear()}>
          {props.clearLabel}
        </Button>
      </div>
    </Show>
  );
}
