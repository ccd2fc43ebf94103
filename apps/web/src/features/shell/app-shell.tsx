import type { Scope } from '@ephemera/api';
import { A } from '@solidjs/router';
import AudioLines from 'lucide-solid/icons/audio-lines';
import KeyRound from 'lucide-solid/icons/key-round';
import ListTree from 'lucide-solid/icons/list-tree';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import { Logo } from '../../ui/logo.tsx';
import { UserMenu } from './user-menu.tsx';
import { useCan } from './viewer.ts';

type NavItem = { href: string; label: MessageKey; icon: typeof AudioLines; scope?: Scope };

const BUILD: readonly NavItem[] = [
  { href: '/playground', label: 'nav.playground', icon: AudioLines },
  { href: '/sessions', label: 'nav.sessions', icon: ListTree },
];

const OPERATE: readonly NavItem[] = [
  { href: '/provider-keys', label: 'nav.providerKeys', icon: KeyRound, scope: 'keys:read' },
];

function NavLink(props: { item: NavItem }): JSX.Element {
  const { t } = useI18n();
  return (
    <A
      href={props.item.href}
      class="group flex min-h-13 flex-col items-center justify-center gap-1 rounded-control px-0.5 text-caption font-medium no-underline transition-colors xl:min-h-9 xl:flex-row xl:justify-start xl:gap-2.5 xl:px-2.5 xl:text-body"
      activeClass="bg-accent-soft text-accent"
      inactiveClass="text-text-2 hover:bg-muted hover:text-text"
    >
      <Dynamic component={props.item.icon} aria-hidden="true" class="size-5 xl:size-4.5" />
      <span class="max-w-full text-balance text-center xl:truncate xl:text-start">{t(props.item.label)}</span>
    </A>
  );
}

function NavGroup(props: { label: MessageKey; items: readonly NavItem[] }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <p class="mb-1 mt-4 hidden px-2.5 text-caption font-medium text-text-3 first:mt-0 xl:block">
        {t(props.label)}
      </p>
      <For each={props.items}>{(item) => <NavLink item={item} />}</For>
    </>
  );
}

/** What leads to nothing but a dead end is not offered. */
function createNav() {
  const can = useCan();
  const listItems = (items: readonly NavItem[]) =>
    items.filter(({ scope }) => scope === undefined || can(scope));
  return { build: () => listItems(BUILD), operate: () => listItems(OPERATE) };
}

function SideNav(): JSX.Element {
  const { t } = useI18n();
  const nav = createNav();
  return (
    <aside class="sticky top-0 z-10 hidden h-dvh flex-col border-e border-border bg-surface px-2 py-3 sm:flex xl:px-3">
      <A
        href="/playground"
        class="mb-5 flex items-center justify-center gap-2.5 rounded-control py-1 text-text no-underline xl:justify-start xl:px-1.5"
      >
        <Logo class="size-8" />
        <span class="hidden text-prose font-semibold tracking-tight xl:inline">Ephemera</span>
        <span class="sr-only xl:hidden">Ephemera</span>
      </A>
      <nav aria-label={t('nav.main')} class="flex flex-1 flex-col gap-1">
        <NavGroup label="nav.build" items={nav.build()} />
        <Show when={nav.operate().length > 0}>
          <NavGroup label="nav.operate" items={nav.operate()} />
        </Show>
      </nav>
      <UserMenu placement="side" />
    </aside>
  );
}

function BottomBar(): JSX.Element {
  const { t } = useI18n();
  const nav = createNav();
  const items = () => [...nav.build(), ...nav.operate()];
  return (
    <nav
      aria-label={t('nav.main')}
      class="fixed inset-x-0 bottom-0 z-20 grid auto-cols-fr grid-flow-col gap-1 border-t border-border bg-surface px-2 pb-[max(4px,env(safe-area-inset-bottom))] pt-1 sm:hidden"
    >
      <For each={items()}>{(item) => <NavLink item={item} />}</For>
      <UserMenu placement="bottom" />
    </nav>
  );
}

/** Skip link, navigation and the one `main` of every signed-in page. */
export function AppShell(props: { children: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="min-h-dvh sm:grid sm:grid-cols-[96px_minmax(0,1fr)] xl:grid-cols-[232px_minmax(0,1fr)]">
      <a
        href="#main"
        class="sr-only z-50 rounded-control bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {t('app.skip')}
      </a>
      <SideNav />
      <main
        id="main"
        tabindex="-1"
        class="mx-auto w-full max-w-[1400px] px-4 pb-24 pt-4 sm:px-6 sm:pb-8 sm:pt-6"
      >
        {props.children}
      </main>
      <BottomBar />
    </div>
  );
}
