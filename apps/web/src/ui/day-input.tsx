import type { JSX } from 'solid-js';

/** A day as `2026-11-22`; an empty text where there is none. The platform's own calendar comes with it. */
export function DayInput(props: {
  label: string;
  /** The label stands before it, where the place alone does not say what it is. */
  isLabelShown?: boolean;
  value: string;
  max?: string;
  onChange: (day: string) => void;
}): JSX.Element {
  return (
    <label class="flex min-w-0 items-center gap-2">
      <span class={props.isLabelShown === true ? 'shrink-0 text-table text-text-2' : 'sr-only'}>
        {props.label}
      </span>
      <input
        type="date"
        class="field w-auto! min-w-0 flex-1"
        value={props.value}
        max={props.max}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </label>
  );
}
