import { createSignal } from 'solid-js';

export type Pager = {
  isFirst(): boolean;
  older(cursor: string): void;
  newer(): void;
  newest(): void;
  reset(): void;
};

export type PagerOptions = { cursor: () => string | null; setCursor: (cursor: string | null) => void };

/** Cursors lead one way only: the way back is remembered here, and without it leads to the newest page. */
export function createPager(options: PagerOptions): Pager {
  const [trail, setTrail] = createSignal<readonly (string | null)[]>([]);
  function newest(): void {
    setTrail([]);
    options.setCursor(null);
  }
  return {
    isFirst: () => options.cursor() === null,
    older(cursor) {
      setTrail([...trail(), options.cursor()]);
      options.setCursor(cursor);
    },
    newer() {
      const previous = trail().at(-1) ?? null;
      setTrail(trail().slice(0, -1));
      options.setCursor(previous);
    },
    newest,
    reset: () => setTrail([]),
  };
}
