import FlaskConical from 'lucide-solid/icons/flask-conical';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { ApiError } from '../../api/api-error.ts';
import type { Credentials } from '../../api/auth.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { createNow } from '../../ui/now.ts';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import type { ShownError } from '../../ui/states.tsx';
import { findLock, isLocked } from '../settings/lock.ts';
import type { Lock } from '../settings/lock.ts';
import { LockNotice } from '../settings/lock-notice.tsx';
import type { DemoAccount } from './demo-accounts.ts';

type FormState =
  | { status: 'ready' }
  | { status: 'incomplete'; field: 'email' | 'password' }
  | { status: 'sending' }
  | { status: 'locked'; lock: Lock }
  | { status: 'refused'; error: ShownError };

type SignInFormProps = {
  accounts: readonly DemoAccount[];
  onSubmit: (credentials: Credentials) => Promise<void>;
};

function PasswordInput(props: { isInvalid: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <RevealInput
      id="password"
      name="password"
      showLabel={t('signIn.showPassword')}
      hideLabel={t('signIn.hidePassword')}
      autocomplete="current-password"
      required
      aria-invalid={props.isInvalid}
      aria-describedby={props.isInvalid ? 'password-error' : undefined}
    />
  );
}

function DemoHint(props: {
  accounts: readonly DemoAccount[];
  onUse: (account: DemoAccount) => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <section
      aria-labelledby="demo-title"
      class="flex flex-col gap-3 rounded-card border border-border bg-surface p-4"
    >
      <div class="flex items-start gap-2.5">
        <FlaskConical aria-hidden="true" class="mt-0.5 size-4 shrink-0 text-accent" />
        <div>
          <h2 id="demo-title" class="text-table font-semibold">
            {t('signIn.demo.title')}
          </h2>
          <p class="text-table text-text-2">{t('signIn.demo.text')}</p>
        </div>
      </div>
      <ul class="flex flex-col gap-2">
        <For each={props.accounts}>
          {(account) => (
            <li class="flex flex-wrap items-center justify-between gap-2">
              <code class="min-w-0 truncate font-mono text-caption text-text-2">{account.email}</code>
              <Button size="compact" onClick={() => props.onUse(account)}>
                {t('signIn.demo.use', { name: account.name })}
              </Button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

function readText(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiError && [400, 401, 403, 422].includes(error.status);
}

function createSignInState(onSubmit: SignInFormProps['onSubmit']) {
  const { t } = useI18n();
  const [state, setState] = createSignal<FormState>({ status: 'ready' });

  function describe(error: unknown): ShownError {
    return isWrongPassword(error)
      ? { title: t('signIn.wrong'), cause: '', action: t('signIn.wrongAction'), requestId: null }
      : toUiError(error, t);
  }

  async function send(credentials: Credentials): Promise<void> {
    setState({ status: 'sending' });
    await onSubmit(credentials).catch((error: unknown) => {
      const lock = findLock(error, Date.now());
      setState(lock === null ? { status: 'refused', error: describe(error) } : { status: 'locked', lock });
    });
  }

  function submit(form: HTMLFormElement): void {
    const data = new FormData(form);
    const credentials = { email: readText(data, 'email').trim(), password: readText(data, 'password') };
    const field = credentials.email === '' ? 'email' : credentials.password === '' ? 'password' : null;
    if (field === null) {
      void send(credentials);
      return;
    }
    setState({ status: 'incomplete', field });
    form.querySelector<HTMLInputElement>(`#${field}`)?.focus();
  }

  return { state, send, submit };
}

function Refusal(props: { state: FormState; now: number }): JSX.Element {
  const refused = () => (props.state.status === 'refused' ? props.state.error : null);
  const locked = () => (props.state.status === 'locked' ? props.state.lock : null);
  return (
    <>
      <Show when={refused()}>{(error) => <ErrorNotice error={error()} />}</Show>
      <Show when={locked()}>{(lock) => <LockNotice lock={lock()} now={props.now} />}</Show>
    </>
  );
}

/** Plain inputs with their standard names: password managers fill and save them. */
export function SignInForm(props: SignInFormProps): JSX.Element {
  const { t } = useI18n();
  const { state, send, submit } = createSignInState((credentials) => props.onSubmit(credentials));
  const isMissing = (field: 'email' | 'password') => {
    const current = state();
    return current.status === 'incomplete' && current.field === field;
  };
  const now = createNow();
  const isSending = () => state().status === 'sending';
  const isWaiting = () => {
    const current = state();
    return current.status === 'locked' && isLocked(current.lock, now());
  };
  function handleSubmit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    submit(event.currentTarget);
  }
  return (
    <div class="flex flex-col gap-6">
      <form class="flex flex-col gap-4" novalidate onSubmit={handleSubmit} aria-label={t('signIn.title')}>
        <Refusal state={state()} now={now()} />
        <TextField
          id="email"
          name="email"
          label={t('signIn.email')}
          error={isMissing('email') ? t('signIn.emailMissing') : null}
          type="email"
          inputmode="email"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
        />
        <Field
          id="password"
          label={t('signIn.password')}
          error={isMissing('password') ? t('signIn.passwordMissing') : null}
        >
          <PasswordInput isInvalid={isMissing('password')} />
        </Field>
        <Button type="submit" variant="primary" size="large" disabled={isSending() || isWaiting()}>
          <Show when={isSending()} fallback={t('signIn.submit')}>
            <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
            {t('signIn.submitting')}
          </Show>
        </Button>
      </form>
      <Show when={props.accounts.length > 0}>
        <DemoHint
          accounts={props.accounts}
          onUse={(account) => void send({ email: account.email, password: account.password })}
        />
      </Show>
    </div>
  );
}
