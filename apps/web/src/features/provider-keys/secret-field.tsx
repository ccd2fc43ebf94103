import type { JSX } from 'solid-js';

import { Field } from '../../ui/field.tsx';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { useKeyText } from './key-text.ts';

type SecretFieldProps = {
  id: string;
  shape: string;
  error: string | null;
  onInput: (key: string) => void;
};

/**
 * Where a provider key is pasted. The browser and its password managers are asked not to keep it, and the page does not
 * either: the field is the only place that shows it, and only while it is being typed.
 */
export function SecretField(props: SecretFieldProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <Field
      id={props.id}
      label={t('field.key')}
      error={props.error}
      hint={t('field.keyHint', { shape: props.shape })}
    >
      <RevealInput
        id={props.id}
        showLabel={t('show')}
        hideLabel={t('hide')}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        data-1p-ignore
        data-lpignore="true"
        data-bwignore="true"
        data-form-type="other"
        class="font-mono"
        aria-invalid={props.error !== null}
        aria-describedby={props.error === null ? `${props.id}-hint` : `${props.id}-error`}
        onInput={(event) => props.onInput(event.currentTarget.value.trim())}
      />
    </Field>
  );
}
