import { createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';

import { Select } from './field.tsx';
import { Segmented } from './segmented.tsx';

export type FilterOption<T extends string = string> = { value: T; label: string };

type FilterProps<T extends string> = {
  label: string;
  /** The choice that filters nothing. */
  allLabel: string;
  /** `null` filters nothing. */
  value: T | null;
  options: readonly FilterOption<T>[];
  onChange: (value: T | null) => void;
};

/** The name of a choice with how many there are of it, where there are any. */
export function withCount(text: string, count: number): string {
  return count === 0 ? text : `${text} ${count}`;
}

/** What a list offers. The chosen one is named by each of them: a list has no value before its options are there. */
export function SelectOptions(props: {
  value: string | null;
  options: readonly FilterOption[];
}): JSX.Element {
  return (
    <For each={props.options}>
      {(option) => (
        <option value={option.value} selected={option.value === props.value}>
          {option.label}
        </option>
      )}
    </For>
  );
}

/** One of many, or all. */
export function FilterSelect(props: FilterProps<string>): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="w-full sm:w-48">
      <label for={id} class="sr-only">
        {props.label}
      </label>
      <Select
        id={id}
        onChange={(event) =>
          props.onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)
        }
      >
        <option value="" selected={props.value === null}>
          {props.allLabel}
        </option>
        <SelectOptions value={props.value} options={props.options} />
      </Select>
    </div>
  );
}

/** One of a few that fit beside each other, or all; on a phone the row scrolls. */
export function FilterSegments<T extends string>(props: FilterProps<T> & { name: string }): JSX.Element {
  const segments = (): FilterOption<T | ''>[] => [{ value: '', label: props.allLabel }, ...props.options];
  return (
    <div class="max-w-full overflow-x-auto scroll-quiet">
      <Segmented
        name={props.name}
        isCompact
        label={props.label}
        value={props.value ?? ''}
        segments={segments()}
        onChange={(value) => props.onChange(value === '' ? null : value)}
      />
    </div>
  );
}
