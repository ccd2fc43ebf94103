import X from 'lucide-solid/icons/x';
import { createUniqueId, onCleanup, onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';

type DialogProps = {
  title: string;
  lead?: string | undefined;
  /** While something irrevocable is under way, Esc does not close. */
  isBusy?: boolean;
  /** A panel at the side of what it belongs to. Nothing is typed in it, so a click beside it closes it. */
  isDrawer?: boolean;
  onClose: () => void;
  children: JSX.Element;
};

const PLACES = {
  middle: 'dialog max-h-[calc(100dvh-32px)] w-[min(560px,calc(100vw-24px))] rounded-dialog border',
  side: 'drawer w-[min(520px,100vw)] max-w-none border-s',
} as const;

/**
 * The platform's modal dialog: it holds the focus, hides the rest and gives the focus back. It is open as long as it is
 * mounted. A click beside it does not close it, because what was typed would be gone.
 */
export function Dialog(props: DialogProps): JSX.Element {
  const { t } = useI18n();
  const titleId = createUniqueId();
  let isMounted = true;
  function open(dialog: HTMLDialogElement): void {
    onMount(() => dialog.showModal());
    onCleanup(() => {
      isMounted = false;
      // Before it leaves the document: only a dialog that closes gives the focus back.
      dialog.close();
    });
  }
  /** A second Esc closes a dialog without asking: then it must not stay mounted, unseen. */
  function handleClose(): void {
    if (isMounted) props.onClose();
  }
  function handleCancel(event: Event): void {
    event.preventDefault();
    if (props.isBusy !== true) props.onClose();
  }
  function handleClick(event: MouseEvent & { currentTarget: HTMLElement }): void {
    if (props.isDrawer === true && event.target === event.currentTarget) props.onClose();
  }
  return (
    <dialog
      ref={open}
      aria-labelledby={titleId}
      onCancel={handleCancel}
      onClose={handleClose}
      onClick={handleClick}
      class={`flex-col overflow-hidden border-border bg-bg p-0 text-text shadow-dialog open:flex ${PLACES[props.isDrawer === true ? 'side' : 'middle']}`}
    >
      <div class="flex items-start justify-between gap-4 px-5 pb-3 pt-4.5">
        <div class="min-w-0">
          <h2 id={titleId} class="wrap-anywhere text-h3 font-semibold tracking-tight">
            {props.title}
          </h2>
          <Show when={props.lead}>
            <p class="mt-0.5 text-table text-text-2">{props.lead}</p>
          </Show>
        </div>
        <button
          type="button"
          class="-me-1.5 -mt-1 grid size-8 shrink-0 max-sm:-mt-2 place-items-center rounded-control text-text-3 hover:bg-muted hover:text-text touch-target"
          aria-label={t('action.close')}
          disabled={props.isBusy === true}
          onClick={() => props.onClose()}
        >
          <X aria-hidden="true" class="size-4.5" />
        </button>
      </div>
      {props.children}
    </dialog>
  );
}

/** What scrolls when the screen is low; the buttons stay. */
export function DialogBody(props: { children: JSX.Element; class?: string }): JSX.Element {
  return (
    <div
      class={`flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pb-5 pt-1 scroll-quiet ${props.class ?? ''}`}
    >
      {props.children}
    </div>
  );
}

export function DialogFooter(props: { children: JSX.Element }): JSX.Element {
  return (
    <div class="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-border bg-surface px-5 py-3">
      {props.children}
    </div>
  );
}
