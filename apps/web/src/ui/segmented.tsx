import { For } from 'solid-js';
import type { JSX } from 'solid-js';

export type Segment<T extends string> = { value: T; label: string; icon?: JSX.Element };

type SegmentedProps<T extends string> = {
  name: string;
  label: string;
  value: T;
  segments: readonly Segment<T>[];
  isDisabled?: boolean;
  /** As wide as its words instead of as its place. */
  isCompact?: boolean;
  onChange: (value: T) => void;
};

/** Native radio buttons in the shape of one control: arrow keys come with them. */
export function Segmented<T extends string>(props: SegmentedProps<T>): JSX.Element {
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      class={`rounded-control bg-muted p-0.5 ${props.isCompact === true ? 'inline-flex' : 'flex'}`}
    >
      <For each={props.segments}>
        {(segment) => (
          <label class="relative flex-1">
            <input
              type="radio"
              class="peer sr-only"
              name={props.name}
              value={segment.value}
              checked={props.value === segment.value}
              disabled={props.isDisabled ?? false}
              onChange={() => props.onChange(segment.value)}
            />
            <span class="flex min-h-8 cursor-pointer items-center justify-center gap-1.5 whitespace-nowrap rounded-chip px-2.5 text-table font-medium text-text-2 transition-colors peer-checked:bg-bg peer-checked:text-text peer-checked:shadow-control peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent peer-disabled:cursor-not-allowed hover:text-text touch-target [&_svg]:size-4">
              {segment.icon}
              {segment.label}
            </span>
          </label>
        )}
      </For>
    </div>
  );
}
