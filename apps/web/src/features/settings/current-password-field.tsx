import type { JSX } from 'solid-js';

import { Field } from '../../ui/field.tsx';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { useAccountText } from './account-text.ts';

/** The password that is in force, asked for once more. */
export function CurrentPasswordField(props: {
  error: string | null;
  onInput: (password: string) => void;
}): JSX.Element {
  const { t } = useAccountText();
  return (
    <Field id="current-password" label={t('field.currentPassword')} error={props.error}>
      <RevealInput
        id="current-password"
        showLabel={t('show')}
        hideLabel={t('hide')}
        autocomplete="current-password"
        autofocus
        aria-invalid={props.error !== null}
        aria-describedby={props.error === null ? undefined : 'current-password-error'}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Field>
  );
}
