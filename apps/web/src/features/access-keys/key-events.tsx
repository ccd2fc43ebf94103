import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { TimelineFacts, TimelineItem } from '../../ui/timeline.tsx';
import { TargetEntries } from '../audit/target-entries.tsx';
import type { AuditEntry } from '../audit/target-entries.tsx';
import { describeEvent } from './event-words.ts';
import { useKeyText } from './key-text.ts';

const SHOWN_EVENTS = 30;

function EventItem(props: { event: AuditEntry }): JSX.Element {
  const { t } = useKeyText();
  const words = () => describeEvent(props.event);
  const actor = () => props.event.actorName ?? props.event.actorId ?? t('events.unknown');
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
      <TimelineFacts at={props.event.at} by={t('events.by', { actor: actor() })} facts={words().facts} />
    </TimelineItem>
  );
}

/** What the audit log has about this key, the newest first. */
export function KeyEvents(props: { id: string }): JSX.Element {
  const { t } = useKeyText();
  return (
    <TargetEntries
      target={props.id}
      limit={SHOWN_EVENTS}
      label={t('events.title')}
      none={t('events.empty')}
      class="max-h-120"
    >
      {(event) => <EventItem event={event} />}
    </TargetEntries>
  );
}
