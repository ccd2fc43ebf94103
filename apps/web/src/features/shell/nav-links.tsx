import { A } from '@solidjs/router';
import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useI18n } from '../../i18n/context.tsx';
import type { NavGroup, NavItem } from './nav-items.ts';

/** An icon with its word below it, on a wide screen beside it. */
export function NavLink(props: { item: NavItem }): JSX.Element {
  const { t } = useI18n();
  return (
    <A
      href={props.item.href}
      end={props.item.isExact === true}
      class="group flex min-h-13 flex-col items-center justify-center gap-1 rounded-control px-0.5 text-caption font-medium no-underline transition-colors xl:min-h-9 xl:flex-row xl:justify-start xl:gap-2.5 xl:px-2.5 xl:text-body"
      activeClass="bg-accent-soft text-accent"
      inactiveClass="text-text-2 hover:bg-muted hover:text-text"
    >
      <Dynamic component={props.item.icon} aria-hidden="true" class="size-5 shrink-0 xl:size-4.5" />
      <span class="max-w-full text-balance text-center xl:truncate xl:text-start">{t(props.item.label)}</span>
    </A>
  );
}

export function NavSection(props: { group: NavGroup }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <p class="mb-1 mt-4 hidden px-2.5 text-caption font-medium text-text-3 first:mt-0 xl:block">
        {t(props.group.label)}
      </p>
      <For each={props.group.items}>{(item) => <NavLink item={item} />}</For>
    </>
  );
}
