import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { RevealInput } from '../../ui/reveal-input.tsx';
import { useAccountText } from './account-text.ts';
import { suggestPassword } from './password-rules.ts';

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(bytes);
}

/** A password that is being chosen. For somebody else one can be suggested, to be copied and handed over. */
export function NewPasswordField(props: {
  id: string;
  label: string;
  hint?: string;
  error: string | null;
  isForOther?: boolean;
  onInput: (password: string) => void;
}): JSX.Element {
  const { t } = useAccountText();
  const [password, setPassword] = createSignal('');
  const [isSuggested, setIsSuggested] = createSignal(false);
  function change(next: string, isSuggestion: boolean): void {
    setPassword(next);
    setIsSuggested(isSuggestion);
    props.onInput(next);
  }
  return (
    <div class="flex flex-col gap-2">
      <Field
        id={props.id}
        label={props.label}
        hint={props.hint === undefined ? t('password.hint') : `${t('password.hint')} ${props.hint}`}
        error={props.error}
      >
        <RevealInput
          id={props.id}
          showLabel={t('show')}
          hideLabel={t('hide')}
          autocomplete="new-password"
          value={password()}
          aria-invalid={props.error !== null}
          aria-describedby={props.error === null ? `${props.id}-hint` : `${props.id}-error`}
          onInput={(event) => change(event.currentTarget.value, false)}
        />
      </Field>
      <Show when={props.isForOther}>
        <div class="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <button
            type="button"
            class="rounded-control text-table font-medium text-accent underline underline-offset-2 touch-target"
            onClick={() => change(suggestPassword(fillRandom), true)}
          >
            {t('password.suggest')}
          </button>
          <Show when={isSuggested()}>
            <span class="flex min-w-0 items-center gap-1">
              <code class="min-w-0 break-all font-mono text-caption">{password()}</code>
              <CopyButton text={password} label={t('password.copy')} />
            </span>
          </Show>
        </div>
      </Show>
    </div>
  );
}
