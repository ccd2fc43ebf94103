import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Field } from '../../ui/field.tsx';
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
  const [isShown, setIsShown] = createSignal(false);
  return (
    <Field
      id={props.id}
      label={t('field.key')}
      error={props.error}
      hint={t('field.keyHint', { shape: props.shape })}
    >
      <span class="relative block">
        <input
          id={props.id}
          type={isShown() ? 'text' : 'password'}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          data-1p-ignore
          data-lpignore="true"
          data-bwignore="true"
          data-form-type="other"
          class="field pe-11 font-mono"
          aria-invalid={props.error !== null}
          aria-describedby={props.error === null ? `${props.id}-hint` : `${props.id}-error`}
          onInput={(event) => props.onInput(event.currentTarget.value.trim())}
        />
        <button
          type="button"
          class="absolute inset-y-0 end-0 grid w-10 place-items-center rounded-control text-text-3 hover:text-text"
          aria-label={t(isShown() ? 'hide' : 'show')}
          aria-pressed={isShown()}
          onClick={() => setIsShown(!isShown())}
        >
          <Show when={isShown()} fallback={<Eye aria-hidden="true" class="size-4" />}>
            <EyeOff aria-hidden="true" class="size-4" />
          </Show>
        </button>
      </span>
    </Field>
  );
}
