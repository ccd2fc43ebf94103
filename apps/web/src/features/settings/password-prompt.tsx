import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { createAction } from '../../ui/action.ts';
import { useAccountText } from './account-text.ts';
import { AuthFailureNotice, createAuthFailure } from './auth-failure-notice.tsx';
import { CurrentPasswordField } from './current-password-field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';

/** What may only be done by who knows the password. */
export function PasswordPrompt<T>(props: {
  title: string;
  text: string;
  submitLabel: string;
  isDanger?: boolean;
  send: (password: string) => Promise<T>;
  onDone: (answer: T) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useAccountText();
  const [isMissing, setIsMissing] = createSignal(false);
  // In an object, so that an answer of nothing is told from none.
  const request = createAction(async (typed: string) => ({ answer: await props.send(typed) }));
  const failure = createAuthFailure(request.state);
  let password = '';
  const error = () => {
    if (isMissing()) return t('missing.currentPassword');
    return failure()?.kind === 'password' ? t('wrong.currentPassword') : null;
  };
  async function submit(): Promise<void> {
    setIsMissing(password === '');
    if (password === '') return;
    const done = await request.run(password);
    if (done !== null) props.onDone(done.answer);
  }
  return (
    <FormDialog
      title={props.title}
      submitLabel={props.submitLabel}
      isBusy={request.state().status === 'running'}
      isDanger={props.isDanger === true}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{props.text}</p>
      <AuthFailureNotice failure={failure()} />
      <CurrentPasswordField
        error={error()}
        onInput={(typed) => {
          password = typed;
          setIsMissing(false);
        }}
      />
    </FormDialog>
  );
}
