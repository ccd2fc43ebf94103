import { onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { easeLevel, scaleLevel } from './orb.ts';

const ANNOUNCE_MS = 1_000;

/** A level as a bar that follows `read`; the number for assistive technology changes once a second. */
export function LevelBar(props: {
  label: string;
  tone: 'in' | 'out';
  read: () => number | null;
}): JSX.Element {
  let meter: HTMLDivElement | undefined;
  let bar: HTMLDivElement | undefined;
  onMount(() => {
    let [level, last, announcedAt, request] = [0, performance.now(), 0, 0];
    function draw(at: number): void {
      level = easeLevel(level, scaleLevel(props.read()), Math.min(100, at - last));
      last = at;
      if (bar !== undefined) bar.style.transform = `scaleX(${level.toFixed(3)})`;
      if (at - announcedAt > ANNOUNCE_MS) {
        announcedAt = at;
        meter?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      }
      request = requestAnimationFrame(draw);
    }
    request = requestAnimationFrame(draw);
    onCleanup(() => cancelAnimationFrame(request));
  });
  return (
    <div
      ref={meter}
      role="meter"
      aria-label={props.label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow="0"
      class="level-track h-2 w-full overflow-hidden rounded-full bg-muted"
    >
      <div
        ref={bar}
        class={`h-full w-full origin-left scale-x-0 rounded-full ${props.tone === 'in' ? 'bg-chart-3' : 'bg-accent'}`}
      />
    </div>
  );
}
