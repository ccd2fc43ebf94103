import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { createSignal, onCleanup, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';

const CONFIRMATION_MS = 2_000;

type CopyState = 'ready' | 'copied' | 'failed';

/** Copies `text()` at the click; says so to the eye and to a screen reader. */
export function CopyButton(props: {
  text: () => string;
  label: string;
  class?: string;
  children?: JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  const [state, setState] = createSignal<CopyState>('ready');
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy(): Promise<void> {
    const next = await navigator.clipboard.writeText(props.text()).then(
      () => 'copied' as const,
      () => 'failed' as const,
    );
    setState(next);
    clearTimeout(timer);
    timer = setTimeout(() => setState('ready'), CONFIRMATION_MS);
  }

  return (
    <button
      type="button"
      class={`inline-flex min-h-7 min-w-7 items-center justify-center gap-1.5 rounded-control px-1.5 text-table font-medium text-text-2 transition-colors hover:bg-muted hover:text-text touch-target [&_svg]:size-4 ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      onClick={() => void copy()}
    >
      <Show when={state() === 'copied'} fallback={<Copy aria-hidden="true" />}>
        <Check aria-hidden="true" class="text-success" />
      </Show>
      {props.children}
      <span class="sr-only" role="status">
        <Show when={state() !== 'ready'}>{t(state() === 'copied' ? 'copy.copied' : 'copy.failed')}</Show>
      </span>
    </button>
  );
}
