import type { JSX } from 'solid-js';

/** A day as `2026-11-22`; an empty text where there is none. The platform's own calendar comes with it. */
export function DayInput(props: {
  label: string;
  value: string;
  max?: string;
  onChange: (day: string) => void;
}): JSX.Element {
  return (
    <input
      type="date"
      class="field w-auto! min-w-0"
      aria-label={props.label}
      value={props.value}
      max={props.max}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
