import { For, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { listBarItems } from './nav-items.ts';
import type { NavGroup } from './nav-items.ts';
import { NavLink } from './nav-links.tsx';
import { UserMenu } from './user-menu.tsx';

const MoreSheet = lazy(async () => ({ default: (await import('./more-sheet.tsx')).MoreSheet }));

/** The navigation of a phone: what fits, and the rest one tap away. */
export function BottomBar(props: { groups: readonly NavGroup[] }): JSX.Element {
  const { t } = useI18n();
  const items = () => listBarItems(props.groups);
  const hasMore = () => props.groups.reduce((sum, group) => sum + group.items.length, 0) > items().length;
  return (
    <nav
      aria-label={t('nav.main')}
      class="fixed inset-x-0 bottom-0 z-20 grid auto-cols-fr grid-flow-col gap-1 border-t border-border bg-surface px-2 pb-[max(4px,env(safe-area-inset-bottom))] pt-1 sm:hidden"
    >
      <For each={items()}>{(item) => <NavLink item={item} />}</For>
      <Show when={hasMore()}>
        <Suspense>
          <MoreSheet groups={props.groups} />
        </Suspense>
      </Show>
      <UserMenu placement="bottom" />
    </nav>
  );
}
