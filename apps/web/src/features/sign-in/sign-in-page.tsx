import { Navigate, useNavigate, useSearchParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import KeyRound from 'lucide-solid/icons/key-round';
import ScrollText from 'lucide-solid/icons/scroll-text';
import Waypoints from 'lucide-solid/icons/waypoints';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import type { Credentials, SecondFactor } from '../../api/auth.ts';
import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import { Logo } from '../../ui/logo.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { AccountTextProvider } from '../settings/account-text.ts';
import { LanguageSelect } from '../shell/language-select.tsx';
import { readSetup } from '../setup/setup-client.ts';
import { listDemoAccounts } from './demo-accounts.ts';
import { FadingRings } from './fading-rings.tsx';
import { parseNextPath } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';
import { ExpiredNotice, SignInSecondStep } from './sign-in-second-step.tsx';

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

type Step = 'password' | 'code' | 'expired';

/** The two steps of a sign-in; behind the last one lies the page that was asked for. */
function createSignIn() {
  const { auth, tokens } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string }>();
  const [step, setStep] = createSignal<Step>('password');

  function enter(): void {
    tokens.clear();
    // What the last one to sign in here saw is not the next one's to see.
    queries.clear();
    navigate(parseNextPath(search.next), { replace: true });
  }

  return {
    step,
    setStep,
    signIn: async (credentials: Credentials): Promise<void> => {
      if ((await auth.signIn(credentials)) === 'done') enter();
      else setStep('code');
    },
    verify: async (factor: SecondFactor): Promise<void> => {
      await auth.verify(factor);
      enter();
    },
  };
}

function Steps(): JSX.Element {
  const { t } = useI18n();
  const signIn = createSignIn();
  const demo = useQuery(() => ({
    queryKey: ['demo'],
    queryFn: () => listDemoAccounts(fetch),
    staleTime: Infinity,
  }));
  return (
    <Switch>
      <Match when={signIn.step() === 'code'}>
        <AccountTextProvider>
          <SignInSecondStep
            onVerify={signIn.verify}
            onExpired={() => signIn.setStep('expired')}
            onBack={() => signIn.setStep('password')}
          />
        </AccountTextProvider>
      </Match>
      <Match when={signIn.step() !== 'code'}>
        <PageHeader title={t('signIn.title')} lead={t('signIn.lead')} />
        <Show when={signIn.step() === 'expired'}>
          <AccountTextProvider>
            <ExpiredNotice />
          </AccountTextProvider>
        </Show>
        <SignInForm accounts={findData(demo) ?? []} onSubmit={signIn.signIn} />
      </Match>
    </Switch>
  );
}

/** A server without an owner has nobody who could sign in. Whether it has one is asked, but not waited for. */
function createNeedsSetup(): () => boolean {
  const setup = useQuery(() => ({ queryKey: ['setup'], queryFn: () => readSetup(fetch), retry: false }));
  return () => findData(setup)?.isDone === false;
}

export function SignInPage(): JSX.Element {
  const needsSetup = createNeedsSetup();
  return (
    <Show when={!needsSetup()} fallback={<Navigate href="/setup" />}>
      <div class="grid min-h-dvh md:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
        <ProductPanel />
        <main class="flex flex-col items-center justify-between gap-10 px-5 py-8 sm:px-8">
          <div class="my-auto flex w-full max-w-[380px] flex-col gap-6">
            <Logo class="size-11 md:hidden" />
            <Steps />
          </div>
          <div class="w-full max-w-[380px]">
            <div class="sm:w-40">
              <LanguageSelect />
            </div>
          </div>
        </main>
      </div>
    </Show>
  );
}
