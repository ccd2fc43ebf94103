import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { TimelineFacts, TimelineItem } from '../../ui/timeline.tsx';
import { describeEvent } from './event-words.ts';
import { useKeyText } from './key-text.ts';
import type { KeyEvent } from './key-types.ts';

/** What happened to a key, the newest first. */
export function EventsList(props: { events: readonly KeyEvent[] }): JSX.Element {
  const { t } = useKeyText();
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
              <TimelineFacts
                at={event.at}
                by={t('events.by', { actor: event.actor === 'system' ? t('events.system') : event.actor })}
                facts={describeEvent(event).facts}
              />
            </TimelineItem>
          )}
        </For>
      </ol>
    </Show>
  );
}
