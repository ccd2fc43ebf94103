import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createUniqueId, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { listBarItems } from './nav-items.ts';
import type { NavGroup } from './nav-items.ts';
import { NavLink, SheetLink } from './nav-links.tsx';
import { UserMenu } from './user-menu.tsx';

/** Every page, above the bar. The platform closes it on Esc and on a tap elsewhere, and gives the focus back. */
function MoreSheet(props: { groups: readonly NavGroup[] }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  let sheet: HTMLElement | undefined;
  let trigger: HTMLButtonElement | undefined;
  return (
    <>
      <button
        ref={(element) => (trigger = element)}
        type="button"
        popovertarget={id}
        aria-expanded="false"
        aria-controls={id}
        class="flex min-h-13 flex-col items-center justify-center gap-1 rounded-control px-0.5 text-caption font-medium text-text-2 transition-colors hover:bg-muted hover:text-text"
      >
        <Ellipsis aria-hidden="true" class="size-5" />
        {t('nav.more')}
      </button>
      <div
        ref={(element) => (sheet = element)}
        id={id}
        popover="auto"
        role="group"
        aria-label={t('nav.more')}
        class="fixed inset-x-2 top-auto bottom-19 m-0 w-auto max-h-[calc(100dvh-96px)] overflow-y-auto rounded-dialog border border-border bg-bg p-2 text-text shadow-popover"
        onToggle={(event) => trigger?.setAttribute('aria-expanded', String(event.newState === 'open'))}
      >
        <For each={props.groups}>
          {(group) => (
            <>
              <p class="px-3 pb-1 pt-3 text-caption font-medium text-text-3 first:pt-1">{t(group.label)}</p>
              <For each={group.items}>
                {(item) => <SheetLink item={item} onChoose={() => sheet?.hidePopover()} />}
              </For>
            </>
          )}
        </For>
      </div>
    </>
  );
}

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
        <MoreSheet groups={props.groups} />
      </Show>
      <UserMenu placement="bottom" />
    </nav>
  );
}
