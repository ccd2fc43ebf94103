import { createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';

import { Select } from './field.tsx';
import { SelectOptions } from './filters.tsx';
import type { FilterOption } from './filters.tsx';

/** One of many, with its name beside it. */
export function LabelledSelect<T extends string>(props: {
  label: string;
  value: T;
  options: readonly FilterOption<T>[];
  onChange: (value: T) => void;
}): JSX.Element {
  const id = createUniqueId();
  function choose(value: string): void {
    const chosen = props.options.find((option) => option.value === value);
    if (chosen !== undefined) props.onChange(chosen.value);
  }
  return (
    <div class="flex min-w-0 items-center gap-2">
      <label for={id} class="shrink-0 text-table text-text-2">
        {props.label}
      </label>
      <Select id={id} onChange={(event) => choose(event.currentTarget.value)}>
        <SelectOptions value={props.value} options={props.options} />
      </Select>
    </div>
  );
}
