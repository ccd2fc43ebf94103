import { createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { easeLevel, scaleLevel } from './orb.ts';

const ANNOUNCE_MS = 1_000;

/** A level as a bar that follows `read`; the number for assistive technology changes once a second. */
export function LevelBar(props: {
  label: string;
  tone: 'in' | 'out';
  read: () => number | null;
}): JSX.Element {
  const [meter, setMeter] = createSignal<HTMLElement | null>(null);
  const [bar, setBar] = createSignal<HTMLElement | null>(null);
  onMount(() => {
    let [level, last, announcedAt, request] = [0, performance.now(), 0, 0];
    function draw(at: number): void {
      level = easeLevel(level, scaleLevel(props.read()), Math.min(100, at - last));
      last = at;
      // Through the CSSOM: a style attribute in the markup would need a wider content security policy.
      bar()?.style.setProperty('transform', `scaleX(${level.toFixed(3)})`);
      if (at - announcedAt > ANNOUNCE_MS) {
        announcedAt = at;
        meter()?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      }
      request = requestAnimationFrame(draw);
    }
    request = requestAnimationFrame(draw);
    onCleanup(() => cancelAnimationFrame(request));
  });
  return (
    <div
      ref={setMeter}
      role="meter"
      aria-label={props.label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow="0"
      class="h-2 w-full overflow-hidden rounded-full bg-muted"
    >
      <div
        ref={setBar}
        class={`h-full w-full origin-left rounded-full [transform:scaleX(0)] ${props.tone === 'in' ? 'bg-chart-3' : 'bg-accent'}`}
      />
    </div>
  );
}
