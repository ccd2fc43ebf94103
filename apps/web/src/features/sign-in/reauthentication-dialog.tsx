import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { ApiError } from '../../api/api-error.ts';
import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { createNow } from '../../ui/now.ts';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { AccountTextProvider, useAccountText } from '../settings/account-text.ts';
import type { AccountMessage } from '../settings/account-text.ts';
import { findLock, isLocked } from '../settings/lock.ts';
import type { Lock } from '../settings/lock.ts';
import { LockNotice } from '../settings/lock-notice.tsx';
import { useViewer } from '../shell/viewer.ts';
import { createSecondFactor, SecondFactorFields, SecondFactorSubmit } from './second-factor-form.tsx';

type State =
  | { status: 'ready' }
  | { status: 'sending' }
  | { status: 'wrong'; message: AccountMessage }
  | { status: 'locked'; lock: Lock }
  | { status: 'failed'; error: unknown };

type StepProps = { onDone: () => void; onClose: () => void };

function toState(error: unknown): State {
  const lock = findLock(error, Date.now());
  if (lock !== null) return { status: 'locked', lock };
  const isWrong = error instanceof ApiError && error.status === 401;
  return isWrong ? { status: 'wrong', message: 'reauth.wrong' } : { status: 'failed', error };
}

function createPasswordStep(props: StepProps & { onSecondFactor: () => void }) {
  const { auth } = useApi();
  const viewer = useViewer();
  const now = createNow();
  const [state, setState] = createSignal<State>({ status: 'ready' });
  const lock = () => {
    const current = state();
    return current.status === 'locked' ? current.lock : null;
  };
  const isBlocked = () => state().status === 'sending' || isLocked(lock(), now());
  async function send(password: string): Promise<void> {
    if (password === '') {
      setState({ status: 'wrong', message: 'missing.password' });
      return;
    }
    setState({ status: 'sending' });
    await auth.signIn({ email: viewer().email ?? '', password }).then(
      (step) => (step === 'done' ? props.onDone() : props.onSecondFactor()),
      (error: unknown) => setState(toState(error)),
    );
  }
  return { state, now, lock, isBlocked, send };
}

function PasswordFields(props: {
  email: string;
  model: ReturnType<typeof createPasswordStep>;
  onInput: (password: string) => void;
}): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const error = () => {
    const state = props.model.state();
    return state.status === 'wrong' ? t(state.message) : null;
  };
  const failed = () => {
    const state = props.model.state();
    return state.status === 'failed' ? state : null;
  };
  return (
    <>
      <p class="text-table text-text-2">{t('reauth.account', { email: props.email })}</p>
      {/* For password managers, which look for the account beside the password. */}
      <input class="hidden" type="text" autocomplete="username" value={props.email} readonly />
      <Show when={props.model.lock()}>{(lock) => <LockNotice lock={lock()} now={props.model.now()} />}</Show>
      <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>
      <Field id="reauth-password" label={t('field.password')} error={error()}>
        <RevealInput
          id="reauth-password"
          showLabel={t('show')}
          hideLabel={t('hide')}
          autocomplete="current-password"
          autofocus
          aria-invalid={error() !== null}
          aria-describedby={error() === null ? undefined : 'reauth-password-error'}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </Field>
    </>
  );
}

function PasswordStep(props: StepProps & { onSecondFactor: () => void }): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const viewer = useViewer();
  const model = createPasswordStep(props);
  let password = '';
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (!model.isBlocked()) void model.send(password);
  }
  return (
    <form class="flex min-h-0 flex-col" novalidate onSubmit={handleSubmit}>
      <DialogBody>
        <PasswordFields email={viewer().email ?? ''} model={model} onInput={(next) => (password = next)} />
      </DialogBody>
      <DialogFooter>
        <Button variant="quiet" onClick={() => props.onClose()}>
          {i18n.t('action.cancel')}
        </Button>
        <Button type="submit" variant="primary" disabled={model.isBlocked()}>
          <Show when={model.state().status === 'sending'} fallback={t('reauth.submit')}>
            <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
            {t('reauth.submitting')}
          </Show>
        </Button>
      </DialogFooter>
    </form>
  );
}

function CodeStep(props: StepProps & { onExpired: () => void }): JSX.Element {
  const i18n = useI18n();
  const { auth } = useApi();
  const model = createSecondFactor({
    onVerify: async (factor) => {
      await auth.verify(factor);
      props.onDone();
    },
    onExpired: () => props.onExpired(),
  });
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    model.submit();
  }
  return (
    <form class="flex min-h-0 flex-col" novalidate onSubmit={handleSubmit}>
      <DialogBody>
        <SecondFactorFields model={model} />
      </DialogBody>
      <DialogFooter>
        <Button variant="quiet" onClick={() => props.onClose()}>
          {i18n.t('action.cancel')}
        </Button>
        <SecondFactorSubmit model={model} />
      </DialogFooter>
    </form>
  );
}

function Content(): JSX.Element {
  const { t } = useAccountText();
  const { reauthentication, tokens } = useApi();
  const [step, setStep] = createSignal<'password' | 'code'>('password');
  function finish(): void {
    // The former sign-in is over, and its tokens with it.
    tokens.clear();
    reauthentication.settle(true);
  }
  const close = () => reauthentication.settle(false);
  return (
    <Dialog title={t('reauth.title')} lead={t('reauth.lead')} onClose={close}>
      <Show
        when={step() === 'code'}
        fallback={<PasswordStep onDone={finish} onClose={close} onSecondFactor={() => setStep('code')} />}
      >
        <CodeStep onDone={finish} onClose={close} onExpired={() => setStep('password')} />
      </Show>
    </Dialog>
  );
}

/** Password and, where it is on, the second factor; then what was refused is tried again. */
export function ReauthenticationDialog(): JSX.Element {
  return (
    <AccountTextProvider>
      <Content />
    </AccountTextProvider>
  );
}
