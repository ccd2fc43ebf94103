import { A } from '@solidjs/router';
import { createMemo, For, lazy, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Logo } from '../../ui/logo.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { listNavGroups } from './nav-items.ts';
import type { NavGroup } from './nav-items.ts';
import { NavSection } from './nav-links.tsx';
import { UserMenu } from './user-menu.tsx';
import { useCan } from './viewer.ts';

const Shortcuts = lazy(async () => ({
  default: (await import('./shortcuts/shortcuts.tsx')).Shortcuts,
}));

function SideNav(props: { groups: readonly NavGroup[] }): JSX.Element {
  const { t } = useI18n();
  return (
    <aside class="sticky top-0 z-10 hidden h-dvh flex-col border-e border-border bg-surface px-2 py-3 sm:flex xl:px-3">
      <A
        href="/"
        class="mb-5 flex items-center justify-center gap-2.5 rounded-control py-1 text-text no-underline xl:justify-start xl:px-1.5"
      >
        <Logo class="size-8" />
        <span class="hidden text-prose font-semibold tracking-tight xl:inline">Ephemera</span>
        <span class="sr-only xl:hidden">Ephemera</span>
      </A>
      <nav
        aria-label={t('nav.main')}
        class="-mx-1 flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto px-1 scroll-quiet"
      >
        <For each={props.groups}>{(group) => <NavSection group={group} />}</For>
      </nav>
      <UserMenu placement="side" />
    </aside>
  );
}

/** Skip link, navigation and the one `main` of every signed-in page. */
export function AppShell(props: { children: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  const can = useCan();
  const groups = createMemo(() => listNavGroups(can));
  return (
    <div class="min-h-dvh sm:grid sm:grid-cols-[96px_minmax(0,1fr)] xl:grid-cols-[232px_minmax(0,1fr)]">
      <a
        href="#main"
        class="sr-only z-50 rounded-control bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {t('app.skip')}
      </a>
      <SideNav groups={groups()} />
      <main
        id="main"
        tabindex="-1"
        class="mx-auto w-full max-w-[1400px] px-4 pb-24 pt-4 sm:px-6 sm:pb-8 sm:pt-6"
      >
        {props.children}
      </main>
      <BottomBar groups={groups()} />
      <Suspense>
        <Shortcuts />
      </Suspense>
    </div>
  );
}
