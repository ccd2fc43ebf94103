import type { TranscriptItem } from '@ephemera/realtime-client';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import Scissors from 'lucide-solid/icons/scissors';
import { createEffect, Index, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

const ROLE_KEYS = {
  user: 'transcript.you',
  assistant: 'transcript.assistant',
  system: 'transcript.system',
} as const satisfies Record<TranscriptItem['role'], MessageKey>;

/** The last message that will not change: what a screen reader is told, once. */
export function findLastFinal(items: readonly TranscriptItem[]): TranscriptItem | null {
  return items.findLast((item) => item.status !== 'partial') ?? null;
}

export function serializeTranscript(
  items: readonly TranscriptItem[],
  nameOf: (role: TranscriptItem['role']) => string,
): string {
  return items.map((item) => `${nameOf(item.role)}: ${item.text}`).join('\n');
}

function Mark(props: { item: TranscriptItem }): JSX.Element {
  const { t, format } = useI18n();
  const text = () =>
    props.item.playedMs === null
      ? t('transcript.interrupted')
      : t('transcript.interruptedAt', { seconds: format().seconds(props.item.playedMs / 1_000) });
  return (
    <span class="mt-1 inline-flex items-center gap-1 text-caption text-warning">
      <Scissors aria-hidden="true" class="size-3.5" />
      {text()}
    </span>
  );
}

function Message(props: { item: TranscriptItem; isLive: boolean }): JSX.Element {
  const { t } = useI18n();
  const isUser = () => props.item.role === 'user';
  return (
    <li
      data-testid="transcript-item"
      data-role={props.item.role}
      data-status={props.item.status}
      class={`flex max-w-[88%] animate-appear flex-col ${isUser() ? 'items-end self-end' : 'items-start self-start'}`}
    >
      <span class="mb-0.5 px-1 text-caption text-text-3">{t(ROLE_KEYS[props.item.role])}</span>
      <div
        class={`whitespace-pre-wrap wrap-anywhere rounded-card px-3 py-2 text-body ${isUser() ? 'rounded-ee-chip bg-accent-soft text-text' : 'rounded-es-chip bg-muted text-text'} ${props.item.status === 'partial' ? 'opacity-80' : ''}`}
      >
        <Show
          when={props.item.status !== 'failed'}
          fallback={<em class="text-text-2">{t('transcript.failed')}</em>}
        >
          <Show
            when={props.item.text !== ''}
            fallback={<span class="text-text-2">{t('transcript.listening')}</span>}
          >
            {props.item.text}
          </Show>
        </Show>
        <Show when={props.item.status === 'partial' && props.isLive}>
          <span
            aria-hidden="true"
            class="ms-1 inline-block size-1.5 animate-blink rounded-full bg-current align-middle"
          />
        </Show>
      </div>
      <Show when={props.item.status === 'interrupted'}>
        <Mark item={props.item} />
      </Show>
    </li>
  );
}

const NEAR_END_PX = 48;

/** Keeps the newest words in sight unless the reader has scrolled up to read. */
function followEnd(list: HTMLElement, items: () => readonly TranscriptItem[]): void {
  let isFollowing = true;
  list.addEventListener(
    'scroll',
    () => {
      isFollowing = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    },
    { passive: true },
  );
  createEffect(() => {
    items();
    if (isFollowing) list.scrollTop = list.scrollHeight;
  });
}

export function Transcript(props: { items: readonly TranscriptItem[]; isLive: boolean }): JSX.Element {
  const { t } = useI18n();
  const spoken = () => {
    const item = findLastFinal(props.items);
    return item === null ? '' : `${t(ROLE_KEYS[item.role])}: ${item.text}`;
  };
  return (
    <section class="flex min-h-36 flex-1 flex-col border-t border-border" aria-labelledby="transcript-title">
      <div class="flex min-h-10 items-center justify-between px-4 pt-1">
        <h3 id="transcript-title" class="text-table font-medium">
          {t('transcript.title')}
        </h3>
        <Show when={props.items.length > 0}>
          <CopyButton
            text={() => serializeTranscript(props.items, (role) => t(ROLE_KEYS[role]))}
            label={t('transcript.copy')}
          />
        </Show>
      </div>
      <p class="sr-only" aria-live="polite">
        {spoken()}
      </p>
      <div
        ref={(element) => followEnd(element, () => props.items)}
        class="min-h-0 flex-1 overflow-y-auto px-4 pb-3 scroll-quiet"
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label={t('transcript.title')}
      >
        <Show
          when={props.items.length > 0}
          fallback={
            <p class="flex flex-col items-center gap-2 py-3 text-center text-table text-text-3">
              <MessagesSquare aria-hidden="true" class="size-5" />
              <span class="max-w-[30ch]">{t('transcript.empty')}</span>
            </p>
          }
        >
          <ol class="flex flex-col gap-2.5">
            <Index each={props.items}>{(item) => <Message item={item()} isLive={props.isLive} />}</Index>
          </ol>
        </Show>
      </div>
    </section>
  );
}
