import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../../i18n/context.tsx';
import { usePreferences } from '../../../preferences.ts';
import { Dialog, DialogBody } from '../../../ui/dialog.tsx';
import type { NavItem } from '../nav-items.ts';
import { GO_KEYS } from './shortcut-plan.ts';
import { useShortcutText } from './shortcut-text.ts';
import { hasSingleKeys, setSingleKeys } from './single-keys.ts';

type Line = { keys: readonly string[]; text: string };

function Keys(props: { keys: readonly string[] }): JSX.Element {
  return (
    <span class="flex shrink-0 gap-1">
      <For each={props.keys}>
        {(key) => (
          <kbd class="grid min-h-6 min-w-6 place-items-center rounded-chip border border-border bg-surface px-1.5 font-mono text-caption text-text-2">
            {key}
          </kbd>
        )}
      </For>
    </span>
  );
}

function Lines(props: { title: string; lines: readonly Line[]; isOff?: boolean }): JSX.Element {
  return (
    <section class={props.isOff === true ? 'opacity-60' : ''}>
      <h3 class="pb-1 text-caption font-medium text-text-3">{props.title}</h3>
      <dl>
        <For each={props.lines}>
          {(line) => (
            <div class="flex items-center justify-between gap-3 border-t border-border py-1.5">
              <dt class="text-table">{line.text}</dt>
              <dd>
                <Keys keys={line.keys} />
              </dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}

/** Keys of one letter can be switched off: they may be in the way of who speaks to the machine. */
function SingleKeys(props: { isOn: boolean; onChange: (isOn: boolean) => void }): JSX.Element {
  const { t } = useShortcutText();
  return (
    <label class="flex cursor-pointer items-start gap-2.5">
      <input
        type="checkbox"
        class="mt-0.5 size-4 shrink-0 accent-accent"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        <span class="block text-body">{t('single')}</span>
        <span class="block text-caption text-text-3">{t('singleHint')}</span>
      </span>
    </label>
  );
}

/** All shortcuts that lead somewhere for who is signed in. */
export function ShortcutSheet(props: { items: readonly NavItem[]; onClose: () => void }): JSX.Element {
  const { t } = useShortcutText();
  const i18n = useI18n();
  const { store } = usePreferences();
  const [isOn, setIsOn] = createSignal(hasSingleKeys(store));
  const isOff = () => !isOn();
  const pages = (): Line[] =>
    Object.entries(GO_KEYS).flatMap(([key, href]) => {
      const item = props.items.find((each) => each.href === href);
      return item === undefined ? [] : [{ keys: ['g', key], text: i18n.t(item.label) }];
    });
  const modifier = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl';
  const onPage = (): Line[] => [
    { keys: ['/'], text: t('search') },
    { keys: ['f'], text: t('filter') },
    { keys: ['t'], text: t('range') },
    { keys: ['r'], text: t('refresh') },
    { keys: ['c'], text: t('create') },
    { keys: ['j', 'k'], text: t('rows') },
    { keys: ['Enter'], text: t('open') },
    { keys: ['Esc'], text: t('close') },
  ];
  return (
    <Dialog title={t('title')} onClose={props.onClose}>
      <DialogBody>
        <Lines
          title={t('everywhere')}
          lines={[
            { keys: [modifier, 'K'], text: t('palette') },
            { keys: ['?'], text: t('sheet') },
          ]}
        />
        <div class="grid grid-cols-1 gap-x-8 gap-y-4 sm:grid-cols-2">
          <Lines title={t('onPage')} lines={onPage()} isOff={isOff()} />
          <Show when={pages().length > 0}>
            <Lines title={t('pages')} lines={pages()} isOff={isOff()} />
          </Show>
        </div>
        <SingleKeys
          isOn={isOn()}
          onChange={(next) => {
            setSingleKeys(store, next);
            setIsOn(next);
          }}
        />
      </DialogBody>
    </Dialog>
  );
}
