import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

export type CheckOption = {
  value: string;
  label: string;
  hint?: string | undefined;
  isDisabled?: boolean;
  isMono?: boolean;
};

function Option(props: {
  option: CheckOption;
  isChosen: boolean;
  onToggle: (isChosen: boolean) => void;
}): JSX.Element {
  return (
    <label
      class={`flex min-w-0 items-start gap-2.5 ${props.option.isDisabled === true ? 'cursor-not-allowed text-text-3' : 'cursor-pointer'}`}
    >
      <input
        type="checkbox"
        class="mt-0.5 size-4 shrink-0 accent-accent"
        value={props.option.value}
        checked={props.isChosen}
        disabled={props.option.isDisabled === true}
        onChange={(event) => props.onToggle(event.currentTarget.checked)}
      />
      <span class="min-w-0">
        <span
          class={`block wrap-anywhere ${props.option.isMono === true ? 'font-mono text-caption leading-5' : 'text-body'}`}
        >
          {props.option.label}
        </span>
        <Show when={props.option.hint}>
          <span class="block text-caption text-text-3">{props.option.hint}</span>
        </Show>
      </span>
    </label>
  );
}

type CheckListProps = {
  id: string;
  label: string;
  hint?: string;
  error?: string | null;
  options: readonly CheckOption[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  class?: string;
};

/** Any of a few, each with a word of what it means. */
export function CheckList(props: CheckListProps): JSX.Element {
  const toggle = (value: string, isChosen: boolean) =>
    props.onChange(
      // In the order of the list, whatever the order of the clicks.
      props.options
        .map((option) => option.value)
        .filter((known) => (known === value ? isChosen : props.chosen.includes(known))),
    );
  return (
    <fieldset
      id={props.id}
      tabindex="-1"
      class="flex flex-col gap-1.5"
      aria-describedby={props.error ? `${props.id}-error` : undefined}
    >
      <legend class="mb-1.5 text-table font-medium text-text">{props.label}</legend>
      <div class={props.class ?? 'grid gap-x-4 gap-y-1.5'}>
        <For each={props.options}>
          {(option) => (
            <Option
              option={option}
              isChosen={props.chosen.includes(option.value)}
              onToggle={(isChosen) => toggle(option.value, isChosen)}
            />
          )}
        </For>
      </div>
      <Show when={props.error}>
        <p id={`${props.id}-error`} class="text-table text-danger">
          {props.error}
        </p>
      </Show>
      <Show when={props.hint !== undefined && !props.error}>
        <p class="text-caption text-text-3">{props.hint}</p>
      </Show>
    </fieldset>
  );
}
