import { createUniqueId, Index, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { findMenuPlace, findNextIndex } from './menu-place.ts';

export type MenuItem = {
  id: string;
  label: string;
  icon?: JSX.Element;
  isDanger?: boolean;
  /** Why it cannot be chosen now. Shown under the label, and the item stays in reach of the keyboard. */
  blockedBy?: string | null;
};

type MenuProps = {
  label: string;
  items: readonly MenuItem[];
  onChoose: (id: string) => void;
  triggerClass: string;
  /** The trigger shows a word, which is its name then. */
  hasWord?: boolean;
  children: JSX.Element;
};

function findItems(popover: HTMLElement): HTMLElement[] {
  return [...popover.querySelectorAll<HTMLElement>('[role=menuitem]')];
}

function placeAt(popover: HTMLElement, trigger: HTMLElement): void {
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const { top, left } = findMenuPlace(trigger.getBoundingClientRect(), popover.getBoundingClientRect(), view);
  popover.style.setProperty('top', `${top}px`);
  popover.style.setProperty('left', `${left}px`);
}

function handleKey(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  const items = findItems(event.currentTarget);
  const current = items.findIndex((item) => item === document.activeElement);
  const next = findNextIndex(event.key, current, items.length);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}

function toneOf(item: MenuItem): string {
  if (item.blockedBy) return 'text-text-3';
  return item.isDanger === true ? 'text-danger hover:bg-danger-soft' : 'hover:bg-muted';
}

function Item(props: { item: MenuItem; onChoose: () => void }): JSX.Element {
  return (
    <button
      type="button"
      role="menuitem"
      tabindex="-1"
      aria-disabled={props.item.blockedBy ? 'true' : undefined}
      class={`flex w-full items-start gap-2.5 rounded-control px-2.5 py-1.5 text-start text-body focus-visible:-outline-offset-2 aria-disabled:cursor-not-allowed touch-target [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 ${toneOf(props.item)}`}
      onClick={() => props.onChoose()}
    >
      {props.item.icon}
      <span class="min-w-0">
        {props.item.label}
        <Show when={props.item.blockedBy}>
          <span class="block text-caption text-text-3">{props.item.blockedBy}</span>
        </Show>
      </span>
    </button>
  );
}

/** A menu in the browser's top layer, so that no scrolling table cuts it off. Arrow keys, Home, End, Esc. */
export function Menu(props: MenuProps): JSX.Element {
  const id = createUniqueId();
  let popover: HTMLElement | undefined;
  let trigger: HTMLElement | undefined;

  function handleToggle(event: ToggleEvent): void {
    if (popover === undefined || trigger === undefined) return;
    const isOpen = event.newState === 'open';
    trigger.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    placeAt(popover, trigger);
    findItems(popover)[0]?.focus();
  }

  function choose(item: MenuItem): void {
    if (item.blockedBy) return;
    popover?.hidePopover();
    // A dialog that opens now gives the focus back to here.
    trigger?.focus();
    props.onChoose(item.id);
  }

  return (
    <>
      <button
        ref={(element) => (trigger = element)}
        type="button"
        class={props.triggerClass}
        aria-label={props.hasWord === true ? undefined : props.label}
        aria-haspopup="menu"
        aria-expanded="false"
        aria-controls={id}
        popovertarget={id}
      >
        {props.children}
      </button>
      <div
        ref={(element) => (popover = element)}
        id={id}
        popover="auto"
        role="menu"
        aria-label={props.label}
        class="fixed inset-auto m-0 w-64 rounded-card border border-border bg-bg p-1 text-text shadow-popover"
        onToggle={handleToggle}
        onKeyDown={handleKey}
      >
        <Index each={props.items}>{(item) => <Item item={item()} onChoose={() => choose(item())} />}</Index>
      </div>
    </>
  );
}
