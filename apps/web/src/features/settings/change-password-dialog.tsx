import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { useViewer } from '../shell/viewer.ts';
import { useAccountText } from './account-text.ts';
import type { AccountMessage } from './account-text.ts';
import { AuthFailureNotice, createAuthFailure } from './auth-failure-notice.tsx';
import { CurrentPasswordField } from './current-password-field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { findPasswordProblem } from './password-rules.ts';

type Problem = { field: 'current' | 'new'; message: AccountMessage };

type Passwords = { currentPassword: string; newPassword: string };

function findProblem({ currentPassword, newPassword }: Passwords, email: string): Problem | null {
  if (currentPassword === '') return { field: 'current', message: 'missing.currentPassword' };
  const message = findPasswordProblem(newPassword, email);
  return message === null ? null : { field: 'new', message };
}

export function ChangePasswordDialog(props: { onClose: () => void; onChanged: () => void }): JSX.Element {
  const { t } = useAccountText();
  const { auth, tokens } = useApi();
  const viewer = useViewer();
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const request = createAction(async (passwords: Passwords) => {
    await auth.changePassword(passwords);
    // It came with a new sign-in.
    tokens.clear();
    return 'changed';
  });
  const failure = createAuthFailure(request.state);
  let typed: Passwords = { currentPassword: '', newPassword: '' };
  const errorOf = (field: Problem['field']) => {
    const found = problem();
    if (found?.field === field) return t(found.message);
    return field === 'current' && failure()?.kind === 'password' ? t('wrong.currentPassword') : null;
  };
  function patch(change: Partial<Passwords>): void {
    typed = { ...typed, ...change };
    setProblem(null);
  }
  async function submit(): Promise<void> {
    const found = findProblem(typed, viewer().email ?? '');
    setProblem(found);
    if (found === null && (await request.run(typed)) !== null) props.onChanged();
  }
  return (
    <FormDialog
      title={t('account.changeTitle')}
      lead={t('account.passwordText')}
      submitLabel={t('account.changeSubmit')}
      submittingLabel={t('account.changeSubmitting')}
      isBusy={request.state().status === 'running'}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <AuthFailureNotice failure={failure()} />
      <CurrentPasswordField
        error={errorOf('current')}
        onInput={(currentPassword) => patch({ currentPassword })}
      />
      <NewPasswordField
        id="new-password"
        label={t('field.newPassword')}
        error={errorOf('new')}
        onInput={(newPassword) => patch({ newPassword })}
      />
    </FormDialog>
  );
}
