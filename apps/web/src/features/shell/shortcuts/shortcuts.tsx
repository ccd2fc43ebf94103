import { createSignal, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { usePreferences } from '../../../preferences.ts';
import { isField, readShortcut } from './shortcut-key.ts';
import type { ShortcutKey } from './shortcut-key.ts';
import { hasSingleKeys } from './single-keys.ts';

const ShortcutHost = lazy(async () => ({ default: (await import('./shortcut-host.tsx')).ShortcutHost }));

/** Listens for shortcuts. What they do comes with the first one; what is pressed until it is there is kept. */
export function Shortcuts(): JSX.Element {
  const { store } = usePreferences();
  const [isAwake, setIsAwake] = createSignal(false);
  const kept: ShortcutKey[] = [];
  let answer = (key: ShortcutKey): void => {
    kept.push(key);
    setIsAwake(true);
  };
  function listen(event: KeyboardEvent): void {
    if (document.querySelector('dialog[open]') !== null) return;
    const place = { isField: isField(event.target), hasSingle: hasSingleKeys(store) };
    const key = readShortcut(event, place);
    if (key === null || (event.repeat && key !== 'j' && key !== 'k')) return;
    // A browser would open a search of its own.
    if (key === 'palette' || key === '/') event.preventDefault();
    answer(key);
  }
  onMount(() => {
    document.addEventListener('keydown', listen);
    onCleanup(() => document.removeEventListener('keydown', listen));
  });
  function take(next: (key: ShortcutKey) => void): void {
    answer = next;
    for (const key of kept.splice(0)) next(key);
  }
  return (
    <Show when={isAwake()}>
      <Suspense>
        <ShortcutHost onReady={take} />
      </Suspense>
    </Show>
  );
}
