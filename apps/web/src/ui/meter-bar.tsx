import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { findMeterParts } from './meter-parts.ts';
import type { MeterTone } from './meter-parts.ts';

const FILLS: Readonly<Record<MeterTone, string>> = {
  normal: 'fill-accent',
  warning: 'fill-warning',
  danger: 'fill-danger',
};

type MeterBarProps = {
  /** What is measured. */
  label: string;
  /** The same in words, with units: read instead of the bare number. */
  text: string;
  value: number;
  max: number;
  /** On top of `value`: promised, but not used yet. Drawn fainter. */
  held?: number | undefined;
  class?: string | undefined;
};

/** How much of something is used up. The colour turns at 80 and at 100 %; the words beside it say the same. */
export function MeterBar(props: MeterBarProps): JSX.Element {
  const parts = () => findMeterParts(props);
  return (
    <div
      role="meter"
      aria-label={props.label}
      aria-valuemin="0"
      aria-valuemax={props.max}
      aria-valuenow={Math.min(props.max, Math.max(0, props.value))}
      aria-valuetext={props.text}
      title={props.text}
      class={`h-2 w-full overflow-hidden rounded-full bg-muted ${props.class ?? ''}`}
    >
      <svg class="block size-full" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class={FILLS[parts().tone]} x="0" y="0" width={parts().used} height="8" />
        <Show when={parts().held > 0}>
          <rect
            class={`opacity-40 ${FILLS[parts().tone]}`}
            x={parts().used}
            y="0"
            width={parts().held}
            height="8"
          />
        </Show>
      </svg>
    </div>
  );
}
