import ChevronDown from 'lucide-solid/icons/chevron-down';
import { For, Show, splitProps } from 'solid-js';
import type { JSX } from 'solid-js';

/** Label above, hint or error below, tied together for assistive technology. */
export function Field(props: {
  id: string;
  label: string;
  hint?: JSX.Element;
  error?: string | null | undefined;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class="flex flex-col gap-1.5">
      <label for={props.id} class="text-table font-medium text-text">
        {props.label}
      </label>
      {props.children}
      <Show when={props.error}>
        <p id={`${props.id}-error`} class="text-table text-danger">
          {props.error}
        </p>
      </Show>
      <Show when={props.hint !== undefined && !props.error}>
        <p id={`${props.id}-hint`} class="text-caption text-text-3">
          {props.hint}
        </p>
      </Show>
    </div>
  );
}

type TextFieldProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'id'> & {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | null;
  /** What was typed before, offered again. */
  suggestions?: readonly string[] | undefined;
};

/** One line of text with its label, its hint and what is wrong with it. */
export function TextField(props: TextFieldProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'hint', 'error', 'suggestions', 'class']);
  const isWrong = () => own.error !== undefined && own.error !== null;
  const describedBy = () => {
    if (isWrong()) return `${props.id}-error`;
    return own.hint === undefined ? undefined : `${props.id}-hint`;
  };
  return (
    <Field id={props.id} label={own.label} error={own.error} hint={own.hint}>
      <input
        {...rest}
        class={`field ${own.class ?? ''}`}
        list={own.suggestions === undefined ? undefined : `${props.id}-list`}
        aria-invalid={isWrong()}
        aria-describedby={describedBy()}
      />
      <Show when={own.suggestions}>
        {(suggestions) => (
          <datalist id={`${props.id}-list`}>
            <For each={suggestions()}>{(value) => <option value={value} />}</For>
          </datalist>
        )}
      </Show>
    </Field>
  );
}

/** The platform's own list: right on a phone, and known to every screen reader. */
export function Select(props: JSX.SelectHTMLAttributes<HTMLSelectElement>): JSX.Element {
  const [own, rest] = splitProps(props, ['class']);
  return (
    <span class="relative block">
      <select {...rest} class={`field field-select ${own.class ?? ''}`} />
      <ChevronDown
        aria-hidden="true"
        class="pointer-events-none absolute inset-y-0 end-2.5 my-auto size-4 text-text-3"
      />
    </span>
  );
}
