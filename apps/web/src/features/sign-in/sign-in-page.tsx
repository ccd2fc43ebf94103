import { useNavigate, useSearchParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import KeyRound from 'lucide-solid/icons/key-round';
import ScrollText from 'lucide-solid/icons/scroll-text';
import Waypoints from 'lucide-solid/icons/waypoints';
import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import type { Credentials } from '../../api/auth.ts';
import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import { Logo } from '../../ui/logo.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { LanguageSelect } from '../shell/language-select.tsx';
import { listDemoAccounts } from './demo-accounts.ts';
import { FadingRings } from './fading-rings.tsx';
import { parseNextPath } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';

type Point = { icon: typeof KeyRound; title: MessageKey; text: MessageKey };

const POINTS: readonly Point[] = [
  { icon: KeyRound, title: 'signIn.point.token', text: 'signIn.point.tokenText' },
  { icon: Waypoints, title: 'signIn.point.path', text: 'signIn.point.pathText' },
  { icon: ScrollText, title: 'signIn.point.record', text: 'signIn.point.recordText' },
];

function ProductPanel(): JSX.Element {
  const { t } = useI18n();
  return (
    <aside class="relative hidden overflow-hidden border-e border-border bg-surface p-10 md:flex md:flex-col md:justify-between lg:p-14">
      <FadingRings />
      <p class="relative flex items-center gap-3 text-h3 font-semibold tracking-tight">
        <Logo class="size-9" />
        Ephemera
      </p>
      <div class="relative flex max-w-[46ch] flex-col gap-8">
        <p class="text-balance text-figure font-semibold tracking-tight">{t('app.tagline')}</p>
        <ul class="flex flex-col gap-5">
          <For each={POINTS}>
            {(point) => (
              <li class="flex gap-3.5">
                <span class="grid size-9 shrink-0 place-items-center rounded-control border border-border bg-bg text-accent">
                  <Dynamic component={point.icon} aria-hidden="true" class="size-4.5" />
                </span>
                <div>
                  <p class="text-body font-semibold">{t(point.title)}</p>
                  <p class="text-body text-text-2">{t(point.text)}</p>
                </div>
              </li>
            )}
          </For>
        </ul>
      </div>
    </aside>
  );
}

export function SignInPage(): JSX.Element {
  const { t } = useI18n();
  const { auth, tokens, trpc } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string }>();
  const demo = useQuery(() => ({
    queryKey: ['demo'],
    queryFn: () => listDemoAccounts(fetch),
    staleTime: Infinity,
  }));

  async function signIn(credentials: Credentials): Promise<void> {
    await auth.signIn(credentials);
    tokens.clear();
    queries.removeQueries({ queryKey: trpc.me.get.queryKey() });
    navigate(parseNextPath(search.next), { replace: true });
  }

  return (
    <div class="grid min-h-dvh md:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
      <ProductPanel />
      <main class="flex flex-col items-center justify-between gap-10 px-5 py-8 sm:px-8">
        <div class="my-auto flex w-full max-w-[380px] flex-col gap-6">
          <Logo class="size-11 md:hidden" />
          <PageHeader title={t('signIn.title')} lead={t('signIn.lead')} />
          <SignInForm accounts={findData(demo) ?? []} onSubmit={signIn} />
        </div>
        <div class="w-full max-w-[380px]">
          <div class="sm:w-40">
            <LanguageSelect />
          </div>
        </div>
      </main>
    </div>
  );
}
