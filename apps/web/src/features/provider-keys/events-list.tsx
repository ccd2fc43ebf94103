import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { describeEvent } from './event-words.ts';
import type { EventTone } from './event-words.ts';
import { useKeyText } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

const DOTS: Readonly<Record<EventTone, string>> = {
  plain: 'bg-accent',
  good: 'bg-success',
  bad: 'bg-danger',
  off: 'bg-control',
};

/** What happened to a key, the newest first. */
export function EventsList(props: { events: readonly KeyEvent[] }): JSX.Element {
  const { t, format } = useKeyText();
  const title = (event: KeyEvent) => {
    const { message, code } = describeEvent(event);
    return message === null ? code : t(message);
  };
  return (
    <Show when={props.events.length > 0} fallback={<p class="text-body text-text-2">{t('events.empty')}</p>}>
      <ol
        class="flex max-h-120 flex-col overflow-y-auto scroll-quiet"
        tabindex="0"
        aria-label={t('events.title')}
      >
        <For each={props.events}>
          {(event) => (
            <li class="group relative flex gap-3 pb-4 last:pb-0" data-action={event.action}>
              <span
                aria-hidden="true"
                class="absolute inset-y-0 start-[5px] top-4 w-px bg-border group-last:hidden"
              />
              <span
                aria-hidden="true"
                class={`relative mt-1.5 size-[11px] shrink-0 rounded-full ${DOTS[describeEvent(event).tone]}`}
              />
              <div class="min-w-0">
                <p class="text-body font-medium">
                  {title(event)}
                  <Show when={event.result !== 'ok'}>
                    <span class="font-normal text-danger">
                      {' · '}
                      {t(event.result === 'denied' ? 'event.denied' : 'event.failed')}
                    </span>
                  </Show>
                </p>
                <p class="text-table text-text-2">
                  <time datetime={event.at}>{format().dateTime(new Date(event.at))}</time>
                  {' · '}
                  {t('events.by', { actor: event.actor === 'system' ? t('events.system') : event.actor })}
                </p>
                <Show when={describeEvent(event).facts.length > 0}>
                  <p class="break-words font-mono text-caption text-text-3">
                    {describeEvent(event).facts.join(' · ')}
                  </p>
                </Show>
              </div>
            </li>
          )}
        </For>
      </ol>
    </Show>
  );
}
