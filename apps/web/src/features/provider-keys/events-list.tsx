import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { TimelineItem } from '../../ui/timeline.tsx';
import { describeEvent } from './event-words.ts';
import { useKeyText } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

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
            <TimelineItem
              tone={describeEvent(event).tone}
              action={event.action}
              title={
                <>
                  {title(event)}
                  <Show when={event.result !== 'ok'}>
                    <span class="font-normal text-danger">
                      {' · '}
                      {t(event.result === 'denied' ? 'event.denied' : 'event.failed')}
                    </span>
                  </Show>
                </>
              }
            >
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
            </TimelineItem>
          )}
        </For>
      </ol>
    </Show>
  );
}
