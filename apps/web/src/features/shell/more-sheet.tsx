import { A } from '@solidjs/router';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useI18n } from '../../i18n/context.tsx';
import type { NavGroup, NavItem } from './nav-items.ts';

/** One line a page, for the sheet of a phone. */
function SheetLink(props: { item: NavItem; onChoose: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <A
      href={props.item.href}
      end={props.item.isExact === true}
      onClick={() => props.onChoose()}
      class="flex min-h-11 items-center gap-3 rounded-control px-3 text-prose font-medium no-underline"
      activeClass="bg-accent-soft text-accent"
      inactiveClass="text-text hover:bg-muted"
    >
      <Dynamic component={props.item.icon} aria-hidden="true" class="size-5 shrink-0 text-text-2" />
      {t(props.item.label)}
    </A>
  );
}

/** Every page, above the bar. The platform closes it on Esc and on a tap elsewhere, and gives the focus back. */
export function MoreSheet(props: { groups: readonly NavGroup[] }): JSX.Element {
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
