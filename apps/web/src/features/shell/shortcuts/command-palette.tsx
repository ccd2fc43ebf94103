import { useNavigate } from '@solidjs/router';
import ArrowRight from 'lucide-solid/icons/arrow-right';
import Keyboard from 'lucide-solid/icons/keyboard';
import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useI18n } from '../../../i18n/context.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import type { NavItem } from '../nav-items.ts';
import { findIdHref, selectCommands } from './command-list.ts';
import { useShortcutText } from './shortcut-text.ts';

type Entry = { id: string; label: string; icon: NavItem['icon']; run: () => void };

type PaletteProps = { items: readonly NavItem[]; onClose: () => void; onSheet: () => void };

function createEntries(props: PaletteProps) {
  const { t } = useShortcutText();
  const i18n = useI18n();
  const navigate = useNavigate();
  const [query, setQuery] = createSignal('');
  function go(href: string): void {
    props.onClose();
    navigate(href);
  }
  const all = (): Entry[] => [
    ...props.items.map(({ href, label, icon }) => ({
      id: href,
      label: i18n.t(label),
      icon,
      run: () => go(href),
    })),
    { id: 'sheet', label: t('title'), icon: Keyboard, run: () => props.onSheet() },
  ];
  const entries = createMemo((): Entry[] => {
    const href = findIdHref(query());
    if (href === null) return selectCommands(all(), query());
    return [{ id: href, label: t('openId', { id: query().trim() }), icon: ArrowRight, run: () => go(href) }];
  });
  return { query, setQuery, entries };
}

function Option(props: { entry: Entry; id: string; isActive: boolean; onPoint: () => void }): JSX.Element {
  return (
    <li
      id={props.id}
      role="option"
      aria-selected={props.isActive}
      class={`flex min-h-10 cursor-pointer items-center gap-3 rounded-control px-3 text-body ${props.isActive ? 'bg-accent-soft text-accent' : 'text-text'}`}
      onPointerMove={() => props.onPoint()}
      onClick={() => props.entry.run()}
    >
      <Dynamic component={props.entry.icon} aria-hidden="true" class="size-4.5 shrink-0" />
      <span class="min-w-0 truncate">{props.entry.label}</span>
    </li>
  );
}

type Cursor = { index: () => number; point: (index: number) => void; optionId: (index: number) => string };

function createCursor(entries: () => readonly Entry[]): Cursor & { press: (event: KeyboardEvent) => void } {
  const [index, point] = createSignal(0);
  const id = createUniqueId();
  const optionId = (at: number) => `${id}-${at}`;
  function move(to: number): void {
    const count = entries().length;
    if (count === 0) return;
    point((to + count) % count);
    document.querySelector(`#${CSS.escape(optionId(index()))}`)?.scrollIntoView({ block: 'nearest' });
  }
  function press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(index() + 1),
      ArrowUp: () => move(index() - 1),
      Enter: () => entries()[index()]?.run(),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  }
  return { index, point, optionId, press };
}

function Options(props: { id: string; entries: readonly Entry[]; cursor: Cursor }): JSX.Element {
  const { t, plural } = useShortcutText();
  return (
    <>
      <ul
        id={props.id}
        role="listbox"
        aria-label={t('palette')}
        class="min-h-0 overflow-y-auto px-3 py-2 scroll-quiet empty:hidden"
      >
        <For each={props.entries}>
          {(entry, index) => (
            <Option
              entry={entry}
              id={props.cursor.optionId(index())}
              isActive={index() === props.cursor.index()}
              onPoint={() => props.cursor.point(index())}
            />
          )}
        </For>
      </ul>
      <Show when={props.entries.length === 0}>
        <p class="px-5 py-4 text-table text-text-2">{t('nothing')}</p>
      </Show>
      <p class="sr-only" role="status">
        {plural('found', props.entries.length)}
      </p>
    </>
  );
}

/** Every page by its name, and a session or a key by its id. */
export function CommandPalette(props: PaletteProps): JSX.Element {
  const { t } = useShortcutText();
  const { query, setQuery, entries } = createEntries(props);
  const cursor = createCursor(entries);
  const listId = createUniqueId();
  return (
    <Dialog title={t('palette')} onClose={props.onClose}>
      <div class="px-5">
        <input
          type="text"
          role="combobox"
          class="field"
          autofocus
          aria-label={t('palettePlaceholder')}
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={entries().length > 0 ? cursor.optionId(cursor.index()) : undefined}
          placeholder={t('palettePlaceholder')}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={query()}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            cursor.point(0);
          }}
          onKeyDown={(event) => cursor.press(event)}
        />
      </div>
      <Options id={listId} entries={entries()} cursor={cursor} />
    </Dialog>
  );
}
