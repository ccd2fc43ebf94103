import ChevronDown from 'lucide-solid/icons/chevron-down';
import { Show, splitProps } from 'solid-js';
import type { JSX } from 'solid-js';

/** Label above, hint or error below, tied together for assistive technology. */
export function Field(props: {
  id: string;
  label: string;
  hint?: JSX.Element;
  error?: string | null;
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
