import { createSignal, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import type { TwoFactorSecret } from '../../api/auth.ts';
import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TextField } from '../../ui/field.tsx';
import { QrPicture } from '../../ui/qr-picture.tsx';
import { useAccountText } from './account-text.ts';
import { AuthFailureNotice, createAuthFailure } from './auth-failure-notice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { readTotpKey } from './otpauth.ts';

function takeFocus(element: HTMLElement): void {
  onMount(() => element.focus());
}

function Secret(props: { uri: string }): JSX.Element {
  const { t } = useAccountText();
  const key = () => readTotpKey(props.uri);
  return (
    <div class="flex flex-col gap-4 sm:flex-row">
      <QrPicture text={props.uri} label={t('two.qr')} />
      <div class="flex min-w-0 flex-col gap-3">
        <div class="flex flex-col gap-1">
          <p class="text-table font-medium">{t('two.key')}</p>
          <div class="flex items-start gap-1">
            <code class="min-w-0 wrap-anywhere font-mono text-table">{key()}</code>
            <CopyButton
              text={() => key().replaceAll(' ', '')}
              label={t('two.copyKey')}
              class="-mt-1 shrink-0"
            />
          </div>
        </div>
        <a href={props.uri} class="w-fit text-table text-accent underline underline-offset-2">
          {t('two.openApp')}
        </a>
      </div>
    </div>
  );
}

/** The secret goes into an app; a code of it proves that it got there, and only then it counts. */
export function TwoFactorConfirm(props: {
  secret: TwoFactorSecret;
  onDone: () => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useAccountText();
  const { auth, tokens } = useApi();
  const [isMissing, setIsMissing] = createSignal(false);
  const request = createAction(async (code: string) => {
    await auth.verify({ kind: 'totp', code });
    // It came with a new sign-in.
    tokens.clear();
    return 'verified';
  });
  const failure = createAuthFailure(request.state);
  let code = '';
  const error = () => {
    if (isMissing()) return t('missing.code');
    return failure()?.kind === 'code' ? t('wrong.code') : null;
  };
  async function submit(): Promise<void> {
    setIsMissing(code === '');
    if (code !== '' && (await request.run(code)) !== null) props.onDone();
  }
  return (
    <FormDialog
      title={t('two.setupTitle')}
      submitLabel={t('two.confirm')}
      submittingLabel={t('two.confirming')}
      isBusy={request.state().status === 'running'}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('two.scanLead')}</p>
      <Secret uri={props.secret.uri} />
      <p class="text-body text-text-2">{t('two.codeLead')}</p>
      <AuthFailureNotice failure={failure()} />
      <TextField
        ref={takeFocus}
        id="two-factor-code"
        label={t('factor.totp')}
        error={error()}
        class="font-mono tracking-[0.3em]"
        inputmode="numeric"
        autocomplete="one-time-code"
        onInput={(event) => {
          code = event.currentTarget.value.replaceAll(/\D/g, '');
          setIsMissing(false);
        }}
      />
    </FormDialog>
  );
}
