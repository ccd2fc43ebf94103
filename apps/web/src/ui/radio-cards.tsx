import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

export type RadioCard<T extends string> = { value: T; label: string; hint?: string | undefined };

/** One of a few choices that each need a sentence. */
export function RadioCards<T extends string>(props: {
  name: string;
  label: string;
  cards: readonly RadioCard<T>[];
  value: T;
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="mb-2 text-table font-medium text-text">{props.label}</legend>
      <For each={props.cards}>
        {(card) => (
          <label class="flex cursor-pointer items-start gap-3 rounded-control border border-border px-3 py-2.5 hover:bg-surface has-checked:border-accent has-checked:bg-accent-soft">
            <input
              type="radio"
              name={props.name}
              value={card.value}
              class="mt-0.5 size-4 accent-accent"
              checked={props.value === card.value}
              onChange={() => props.onChange(card.value)}
            />
            <span class="min-w-0">
              <span class="block text-body font-medium">{card.label}</span>
              <Show when={card.hint}>
                <span class="block text-table text-text-2">{card.hint}</span>
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
