import { createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

/** The wall clock as a signal, for everything that ticks. */
export function createNow(intervalMs = 1_000, now: () => number = Date.now): Accessor<number> {
  const [value, setValue] = createSignal(now());
  const timer = setInterval(() => setValue(now()), intervalMs);
  onCleanup(() => clearInterval(timer));
  return value;
}
