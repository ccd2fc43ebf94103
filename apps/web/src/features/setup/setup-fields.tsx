import type { JSX } from 'solid-js';

import { Field, TextField } from '../../ui/field.tsx';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { NewPasswordField } from '../settings/new-password-field.tsx';
import type { SetupField } from './setup-form.ts';
import type { SetupFormModel } from './setup-state.ts';

export function SetupFields(props: { form: SetupFormModel }): JSX.Element {
  const { t } = useAccountText();
  const errorOf = (field: SetupField) => {
    const state = props.form.state();
    return state.status === 'wrong' && state.problem.field === field ? t(state.problem.message) : null;
  };
  return (
    <>
      <Field id="setup-token" label={t('setup.token')} hint={t('setup.tokenHint')} error={errorOf('token')}>
        <RevealInput
          id="setup-token"
          showLabel={t('show')}
          hideLabel={t('hide')}
          class="font-mono"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          data-1p-ignore
          data-lpignore="true"
          aria-invalid={errorOf('token') !== null}
          aria-describedby={errorOf('token') === null ? 'setup-token-hint' : 'setup-token-error'}
          onInput={(event) => props.form.patch({ token: event.currentTarget.value })}
        />
      </Field>
      <TextField
        id="setup-name"
        label={t('field.name')}
        error={errorOf('name')}
        autocomplete="name"
        maxlength={100}
        onInput={(event) => props.form.patch({ name: event.currentTarget.value })}
      />
      <TextField
        id="setup-email"
        label={t('field.email')}
        error={errorOf('email')}
        type="email"
        inputmode="email"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => props.form.patch({ email: event.currentTarget.value })}
      />
      <NewPasswordField
        id="setup-password"
        label={t('field.password')}
        error={errorOf('password')}
        onInput={(password) => props.form.patch({ password })}
      />
    </>
  );
}
