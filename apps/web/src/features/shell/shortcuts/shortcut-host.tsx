import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Match, onMount, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { listNavGroups } from '../nav-items.ts';
import { useCan } from '../viewer.ts';
import { CommandPalette } from './command-palette.tsx';
import { actOnPage } from './page-actions.ts';
import type { ShortcutKey } from './shortcut-key.ts';
import { planShortcut } from './shortcut-plan.ts';
import type { ShortcutStep } from './shortcut-plan.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { ShortcutTextProvider } from './shortcut-text.ts';

type Shown = 'palette' | 'sheet' | null;

/** So long a `g` waits for its page. */
const AWAIT_MS = 1_500;

/** What the shortcuts do. */
export function ShortcutHost(props: { onReady: (answer: (key: ShortcutKey) => void) => void }): JSX.Element {
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [shown, setShown] = createSignal<Shown>(null);
  const items = () => listNavGroups(can).flatMap((group) => group.items);
  let awaitsUntilMs = 0;

  function take(step: ShortcutStep): void {
    if (step.kind === 'go') navigate(step.href);
    if (step.kind === 'await') awaitsUntilMs = performance.now() + AWAIT_MS;
    if (step.kind === 'show') setShown(step.what);
    if (step.kind === 'refresh') void queries.refetchQueries({ type: 'active' });
    if (step.kind === 'act') actOnPage(step.what);
  }
  function answer(key: ShortcutKey): void {
    const isAfterG = performance.now() < awaitsUntilMs;
    awaitsUntilMs = 0;
    take(planShortcut(key, { isAfterG, hrefs: items().map(({ href }) => href) }));
  }
  onMount(() => props.onReady(answer));
  const close = () => setShown(null);
  return (
    <ShortcutTextProvider>
      <Switch>
        <Match when={shown() === 'sheet'}>
          <ShortcutSheet items={items()} onClose={close} />
        </Match>
        <Match when={shown() === 'palette'}>
          <CommandPalette items={items()} onClose={close} onSheet={() => setShown('sheet')} />
        </Match>
      </Switch>
    </ShortcutTextProvider>
  );
}
