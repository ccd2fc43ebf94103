import { A, useNavigate } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import CircleCheck from 'lucide-solid/icons/circle-check';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Logo } from '../../ui/logo.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { EmptyState, ErrorNotice, ErrorState } from '../../ui/states.tsx';
import { createNow } from '../../ui/now.ts';
import { AccountTextProvider, useAccountText } from '../settings/account-text.ts';
import { isLocked } from '../settings/lock.ts';
import { LockNotice } from '../settings/lock-notice.tsx';
import { LanguageSelect } from '../shell/language-select.tsx';
import { ThemePicker } from '../shell/theme-picker.tsx';
import { FadingRings } from '../sign-in/fading-rings.tsx';
import { completeSetup, readSetup } from './setup-client.ts';
import type { SetupInput } from './setup-client.ts';
import { SetupFields } from './setup-fields.tsx';
import { createSetupForm } from './setup-state.ts';

const STEPS = ['token', 'owner', 'key'] as const;

/** What happens here, in order; the first two on this page. */
function StepList(): JSX.Element {
  const { t } = useAccountText();
  return (
    <ol class="flex flex-col gap-5">
      <For each={STEPS}>
        {(step, index) => (
          <li class="flex gap-3.5">
            <span
              aria-hidden="true"
              class="grid size-7 shrink-0 place-items-center rounded-full border border-border bg-bg font-mono text-caption text-text-2"
            >
              {index() + 1}
            </span>
            <div>
              <p class="text-body font-semibold">{t(`setup.step.${step}`)}</p>
              <p class="text-body text-text-2">{t(`setup.step.${step}Text`)}</p>
            </div>
          </li>
        )}
      </For>
    </ol>
  );
}

function AlreadyDone(): JSX.Element {
  const { t } = useAccountText();
  return (
    <EmptyState
      icon={<CircleCheck aria-hidden="true" />}
      title={t('setup.doneTitle')}
      text={t('setup.doneText')}
      action={
        <A href="/login" class={buttonClass('primary')}>
          {t('setup.signIn')}
        </A>
      }
    />
  );
}

/** After the account is made its owner is signed in with it; should that fail, the sign-in page asks once more. */
function createSetup() {
  const { auth, tokens } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (input: SetupInput): Promise<void> => {
    await completeSetup(fetch, input);
    const { email, password } = input;
    const step = await auth.signIn({ email, password }).catch(() => null);
    tokens.clear();
    queries.clear();
    navigate(step === 'done' ? '/welcome' : '/login', { replace: true });
  };
}

function SetupForm(props: { onDone: () => void }): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const now = createNow();
  const form = createSetupForm({ send: createSetup(), onDone: () => props.onDone() });
  const failed = () => {
    const state = form.state();
    return state.status === 'failed' ? state : null;
  };
  const lock = () => {
    const state = form.state();
    return state.status === 'locked' ? state.lock : null;
  };
  const isSending = () => form.state().status === 'sending';
  function handleSubmit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    if (!isSending() && !isLocked(lock(), now())) void form.submit(event.currentTarget);
  }
  return (
    <form class="flex flex-col gap-4" novalidate aria-label={t('setup.title')} onSubmit={handleSubmit}>
      <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>
      <Show when={lock()}>{(found) => <LockNotice lock={found()} now={now()} />}</Show>
      <SetupFields form={form} />
      <Button type="submit" variant="primary" size="large" disabled={isSending() || isLocked(lock(), now())}>
        <Show when={isSending()} fallback={t('setup.submit')}>
          <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
          {t('setup.submitting')}
        </Show>
      </Button>
    </form>
  );
}

function Content(): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const [isTaken, setIsTaken] = createSignal(false);
  const setup = useQuery(() => ({ queryKey: ['setup'], queryFn: () => readSetup(fetch), retry: false }));
  const isDone = () => isTaken() || findData(setup)?.isDone === true;
  return (
    <>
      <PageHeader title={t('setup.title')} lead={isDone() ? '' : t('setup.lead')} />
      <Switch>
        <Match when={isDone()}>
          <div class="card">
            <AlreadyDone />
          </div>
        </Match>
        <Match when={findData(setup)?.isDone === false}>
          <SetupForm onDone={() => setIsTaken(true)} />
        </Match>
        <Match when={setup.isError}>
          <div class="card">
            <ErrorState error={toUiError(setup.error, i18n.t)} onRetry={() => void setup.refetch()} />
          </div>
        </Match>
      </Switch>
    </>
  );
}

function Tagline(): JSX.Element {
  const { t } = useI18n();
  return <p class="text-balance text-figure font-semibold tracking-tight">{t('app.tagline')}</p>;
}

/** First run: whoever has the one-time token of the server makes its first account. */
export function SetupPage(): JSX.Element {
  return (
    <AccountTextProvider>
      <div class="grid min-h-dvh md:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
        <aside class="relative hidden overflow-hidden border-e border-border bg-surface p-10 md:flex md:flex-col md:justify-between lg:p-14">
          <FadingRings />
          <p class="relative flex items-center gap-3 text-h3 font-semibold tracking-tight">
            <Logo class="size-9" />
            Ephemera
          </p>
          <div class="relative flex max-w-[46ch] flex-col gap-8">
            <Tagline />
            <StepList />
          </div>
        </aside>
        <main class="flex flex-col items-center justify-between gap-10 px-5 py-8 sm:px-8">
          <div class="my-auto flex w-full max-w-[420px] flex-col gap-6">
            <Logo class="size-11 md:hidden" />
            <Content />
          </div>
          <div class="flex w-full max-w-[420px] flex-wrap items-end gap-4">
            <div class="w-40">
              <LanguageSelect />
            </div>
            <div class="min-w-64 flex-1">
              <ThemePicker name="theme-setup" />
            </div>
          </div>
        </main>
      </div>
    </AccountTextProvider>
  );
}
