import { useQuery } from '@tanstack/solid-query';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { TimelineItem } from '../../ui/timeline.tsx';
import { describeEvent } from './event-words.ts';
import type { KeyEvent } from './event-words.ts';
import { useKeyText } from './key-text.ts';

const SHOWN_EVENTS = 30;
const POLL_MS = 15_000;

function EventItem(props: { event: KeyEvent }): JSX.Element {
  const { t, format } = useKeyText();
  const words = () => describeEvent(props.event);
  const title = () => {
    const { message, code } = words();
    return message === null ? code : t(message);
  };
  return (
    <TimelineItem
      tone={words().tone}
      action={props.event.action}
      title={
        <>
          {title()}
          <Show when={props.event.result !== 'ok'}>
            <span class="font-normal text-danger">
              {' · '}
              {t(props.event.result === 'denied' ? 'event.denied' : 'event.failed')}
            </span>
          </Show>
        </>
      }
    >
      <p class="text-table text-text-2">
        <time datetime={props.event.at}>{format().dateTime(new Date(props.event.at))}</time>
        {' · '}
        {t('events.by', { actor: props.event.actorName ?? props.event.actorId ?? t('events.unknown') })}
      </p>
      <Show when={words().facts.length > 0}>
        <p class="break-words font-mono text-caption text-text-3">{words().facts.join(' · ')}</p>
      </Show>
    </TimelineItem>
  );
}

/** What the audit log has about this key, the newest first. */
export function KeyEvents(props: { id: string }): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.audit.list.queryOptions({ target: props.id, limit: SHOWN_EVENTS }),
    refetchInterval: POLL_MS,
  }));
  const events = () => findData(query)?.items;
  return (
    <Switch>
      <Match when={events()?.length === 0}>
        <p class="text-body text-text-2">{t('events.empty')}</p>
      </Match>
      <Match when={events()}>
        {(items) => (
          <ol
            class="flex max-h-120 flex-col overflow-y-auto scroll-quiet"
            tabindex="0"
            aria-label={t('events.title')}
          >
            <For each={items()}>{(event) => <EventItem event={event} />}</For>
          </ol>
        )}
      </Match>
      <Match when={query.isError}>
        <ErrorNotice error={toUiError(query.error, i18n.t)} />
      </Match>
      <Match when={query.isPending}>
        <Delayed>
          <Skeleton class="h-32 w-full" />
        </Delayed>
      </Match>
    </Switch>
  );
}
