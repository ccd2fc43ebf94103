import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import { createSignal, Show, splitProps } from 'solid-js';
import type { JSX } from 'solid-js';

type RevealInputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  showLabel: string;
  hideLabel: string;
};

/** A field whose text is hidden until its owner asks to see it. */
export function RevealInput(props: RevealInputProps): JSX.Element {
  const [own, rest] = splitProps(props, ['showLabel', 'hideLabel', 'class']);
  const [isShown, setIsShown] = createSignal(false);
  return (
    <span class="relative block">
      <input {...rest} type={isShown() ? 'text' : 'password'} class={`field pe-11 ${own.class ?? ''}`} />
      <button
        type="button"
        class="absolute inset-y-0 end-0 grid w-10 place-items-center rounded-control text-text-3 hover:text-text"
        aria-label={isShown() ? own.hideLabel : own.showLabel}
        aria-pressed={isShown()}
        onClick={() => setIsShown(!isShown())}
      >
        <Show when={isShown()} fallback={<Eye aria-hidden="true" class="size-4" />}>
          <EyeOff aria-hidden="true" class="size-4" />
        </Show>
      </button>
    </span>
  );
}
