import { createSignal, createUniqueId, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { findInitials } from './initials.ts';
import type { Placement } from './user-panel.tsx';
import { useViewer } from './viewer.ts';

const UserPanel = lazy(async () => ({ default: (await import('./user-panel.tsx')).UserPanel }));

type Listeners = {
  pointerdown: (event: Event) => void;
  focusin: (event: Event) => void;
  keydown: (event: KeyboardEvent) => void;
};

function listenWhileMounted({ pointerdown, focusin, keydown }: Listeners): void {
  onMount(() => {
    document.addEventListener('pointerdown', pointerdown);
    document.addEventListener('focusin', focusin);
    document.addEventListener('keydown', keydown);
    onCleanup(() => {
      document.removeEventListener('pointerdown', pointerdown);
      document.removeEventListener('focusin', focusin);
      document.removeEventListener('keydown', keydown);
    });
  });
}

/** A disclosure, not a menu: its content are form controls. Esc and a click elsewhere close it. */
export function UserMenu(props: { placement: Placement }): JSX.Element {
  const { t } = useI18n();
  const viewer = useViewer();
  const name = () => viewer().name ?? viewer().email ?? '';
  const [isOpen, setIsOpen] = createSignal(false);
  const panelId = createUniqueId();
  const [container, setContainer] = createSignal<HTMLElement | null>(null);
  const [trigger, setTrigger] = createSignal<HTMLElement | null>(null);

  function closeOnOutside(event: Event): void {
    if (event.target instanceof Node && container()?.contains(event.target) === false) setIsOpen(false);
  }
  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !isOpen()) return;
    setIsOpen(false);
    trigger()?.focus();
  }
  listenWhileMounted({ pointerdown: closeOnOutside, focusin: closeOnOutside, keydown: closeOnEscape });

  return (
    <div ref={setContainer} class={props.placement === 'side' ? 'relative' : 'contents'}>
      <button
        ref={setTrigger}
        type="button"
        class="flex min-h-13 w-full flex-col items-center justify-center gap-1 rounded-control px-0.5 text-caption font-medium text-text-2 transition-colors hover:bg-muted hover:text-text xl:min-h-11 xl:flex-row xl:justify-start xl:gap-2.5 xl:px-2.5 xl:text-start"
        aria-expanded={isOpen()}
        aria-controls={panelId}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(!isOpen())}
      >
        <span
          aria-hidden="true"
          class="grid size-6 shrink-0 place-items-center rounded-full bg-accent text-[11px] font-semibold leading-none text-on-accent xl:size-7"
        >
          {findInitials(name())}
        </span>
        <span class="sr-only xl:hidden">{name()}, </span>
        <span class="max-w-full truncate xl:hidden">
          {t(props.placement === 'bottom' ? 'nav.account' : `user.role.${viewer().role ?? 'user'}`)}
        </span>
        <span class="hidden min-w-0 flex-1 xl:block">
          <span class="block truncate text-table text-text">{name()}</span>
          <span class="block text-caption font-normal text-text-3">
            {t(`user.role.${viewer().role ?? 'user'}`)}
          </span>
        </span>
        <span class="sr-only">, {t('user.menu')}</span>
      </button>
      <Show when={isOpen()}>
        <Suspense>
          <UserPanel id={panelId} placement={props.placement} />
        </Suspense>
      </Show>
    </div>
  );
}
