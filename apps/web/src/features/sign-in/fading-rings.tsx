import { For } from 'solid-js';
import type { JSX } from 'solid-js';

const RINGS = [
  { r: 90, opacity: 0.5, dash: '2 7' },
  { r: 150, opacity: 0.38, dash: '2 9' },
  { r: 215, opacity: 0.26, dash: '2 12' },
  { r: 285, opacity: 0.16, dash: '2 16' },
  { r: 360, opacity: 0.09, dash: '2 22' },
] as const;

/** Sound that leaves and is gone: the picture of the product. Decoration only. */
export function FadingRings(): JSX.Element {
  return (
    <svg
      viewBox="-380 -380 760 760"
      aria-hidden="true"
      class="pointer-events-none absolute -end-70 -top-70 size-[760px] text-accent"
    >
      <For each={RINGS}>
        {(ring) => (
          <circle
            r={ring.r}
            fill="none"
            stroke="currentColor"
            stroke-width="3"
            stroke-linecap="round"
            stroke-dasharray={ring.dash}
            opacity={ring.opacity}
          />
        )}
      </For>
    </svg>
  );
}
