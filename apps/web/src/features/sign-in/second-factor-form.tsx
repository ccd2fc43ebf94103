import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { createSignal, onMount, Show } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

import type { SecondFactor } from '../../api/auth.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { createNow } from '../../ui/now.ts';
import { ErrorNotice } from '../../ui/states.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { isLocked } from '../settings/lock.ts';
import { LockNotice } from '../settings/lock-notice.tsx';
import { cleanCode, findFactorFailure, isWholeCode } from './second-factor.ts';
import type { FactorFailure } from './second-factor.ts';

export type SecondFactorProps = {
  onVerify: (factor: SecondFactor) => Promise<void>;
  /** The password has to be given again. */
  onExpired: () => void;
};

type State = { status: 'ready' | 'missing' | 'sending' } | FactorState;
type FactorState = { status: 'refused'; failure: FactorFailure };

export type FactorModel = {
  kind: Accessor<SecondFactor['kind']>;
  toggle: () => void;
  state: Accessor<State>;
  now: Accessor<number>;
  isBlocked: () => boolean;
  type: (code: string) => void;
  submit: () => void;
};

/** One code at a time: from the app, or one of those that were kept. */
export function createSecondFactor(props: SecondFactorProps): FactorModel {
  const [kind, setKind] = createSignal<SecondFactor['kind']>('totp');
  const [state, setState] = createSignal<State>({ status: 'ready' });
  const now = createNow();
  let code = '';

  const lock = () => {
    const current = state();
    return current.status === 'refused' && current.failure.kind === 'locked' ? current.failure.lock : null;
  };
  const isBlocked = () => state().status === 'sending' || isLocked(lock(), now());

  async function send(): Promise<void> {
    const factor: SecondFactor = { kind: kind(), code: cleanCode({ kind: kind(), code }) };
    if (factor.code === '') {
      setState({ status: 'missing' });
      return;
    }
    setState({ status: 'sending' });
    await props.onVerify(factor).catch((error: unknown) => {
      const failure = findFactorFailure(error, Date.now());
      if (failure.kind === 'expired') props.onExpired();
      else setState({ status: 'refused', failure });
    });
  }

  function submit(): void {
    if (!isBlocked()) void send();
  }

  return {
    kind,
    state,
    now,
    isBlocked,
    submit,
    toggle() {
      code = '';
      setKind(kind() === 'totp' ? 'backup_code' : 'totp');
      if (lock() === null) setState({ status: 'ready' });
    },
    type(next) {
      code = next;
      if (lock() !== null) return;
      setState({ status: 'ready' });
      if (isWholeCode({ kind: kind(), code })) submit();
    },
  };
}

function Failure(props: { model: FactorModel }): JSX.Element {
  const i18n = useI18n();
  const failure = () => {
    const state = props.model.state();
    return state.status === 'refused' ? state.failure : null;
  };
  const lock = () => {
    const found = failure();
    return found?.kind === 'locked' ? found.lock : null;
  };
  const failed = () => {
    const found = failure();
    return found?.kind === 'failed' ? found : null;
  };
  return (
    <>
      <Show when={lock()}>{(found) => <LockNotice lock={found()} now={props.model.now()} />}</Show>
      <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>
    </>
  );
}

/** The field comes into a page or a dialog that is open already, where `autofocus` does nothing. */
function takeFocus(element: HTMLElement): void {
  onMount(() => element.focus());
}

function CodeField(props: { model: FactorModel }): JSX.Element {
  const { t } = useAccountText();
  const isTotp = () => props.model.kind() === 'totp';
  const error = () => {
    const state = props.model.state();
    if (state.status === 'missing') return t('missing.code');
    if (state.status !== 'refused' || state.failure.kind !== 'wrong') return null;
    return t(isTotp() ? 'wrong.code' : 'wrong.backupCode');
  };
  return (
    <Show
      when={isTotp()}
      fallback={
        <TextField
          id="factor-code"
          label={t('factor.backup')}
          error={error()}
          class="font-mono"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          ref={takeFocus}
          onInput={(event) => props.model.type(event.currentTarget.value)}
        />
      }
    >
      <TextField
        id="factor-code"
        label={t('factor.totp')}
        error={error()}
        class="font-mono text-prose tracking-[0.3em]"
        inputmode="numeric"
        autocomplete="one-time-code"
        ref={takeFocus}
        onInput={(event) => props.model.type(event.currentTarget.value)}
      />
    </Show>
  );
}

/** The fields of the second step; the buttons stand where the page or the dialog has them. */
export function SecondFactorFields(props: { model: FactorModel }): JSX.Element {
  const { t } = useAccountText();
  const isTotp = () => props.model.kind() === 'totp';
  return (
    <>
      <p class="text-body text-text-2">{t(isTotp() ? 'factor.totpLead' : 'factor.backupLead')}</p>
      <Failure model={props.model} />
      <CodeField model={props.model} />
      <button
        type="button"
        class="w-fit rounded-control text-table font-medium text-accent underline underline-offset-2 touch-target"
        onClick={() => props.model.toggle()}
      >
        {t(isTotp() ? 'factor.useBackup' : 'factor.useTotp')}
      </button>
    </>
  );
}

export function SecondFactorSubmit(props: { model: FactorModel; isLarge?: boolean }): JSX.Element {
  const { t } = useAccountText();
  return (
    <Button
      type="submit"
      variant="primary"
      size={props.isLarge === true ? 'large' : 'regular'}
      disabled={props.model.isBlocked()}
    >
      <Show when={props.model.state().status === 'sending'} fallback={t('factor.submit')}>
        <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
        {t('factor.submitting')}
      </Show>
    </Button>
  );
}
