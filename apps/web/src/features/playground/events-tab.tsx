import ArrowDownLeft from 'lucide-solid/icons/arrow-down-left';
import ArrowUpRight from 'lucide-solid/icons/arrow-up-right';
import ListFilter from 'lucide-solid/icons/list-filter';
import Pause from 'lucide-solid/icons/pause';
import Play from 'lucide-solid/icons/play';
import SquareActivity from 'lucide-solid/icons/square-activity';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { filterLines, serializeLog } from './event-log.ts';
import type { LogLine } from './event-log.ts';

const SHOWN_LINES = 200;

function Line(props: { line: LogLine }): JSX.Element {
  const { t } = useI18n();
  const [isOpen, setIsOpen] = createSignal(false);
  const isIn = () => props.line.direction === 'in';
  return (
    <li class="border-t border-border first:border-t-0" data-testid="event-line" data-type={props.line.type}>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary class="flex min-h-8 items-center gap-2 rounded-control px-1 -outline-offset-2 hover:bg-surface [&::-webkit-details-marker]:hidden">
          <Show
            when={isIn()}
            fallback={<ArrowUpRight aria-hidden="true" class="size-3.5 shrink-0 text-chart-2" />}
          >
            <ArrowDownLeft aria-hidden="true" class="size-3.5 shrink-0 text-chart-3" />
          </Show>
          <span class="sr-only">{t(isIn() ? 'events.in' : 'events.out')}</span>
          <code class="min-w-0 flex-1 truncate font-mono text-caption" title={props.line.type}>
            {props.line.type}
          </code>
          <span class="shrink-0 font-mono text-caption text-text-3 figures">
            {(props.line.atMs / 1_000).toFixed(2)}
          </span>
        </summary>
        <Show when={isOpen()}>
          <div class="relative mb-2">
            <pre
              class="max-h-72 overflow-auto rounded-control bg-surface p-2.5 pe-10 font-mono text-caption scroll-quiet"
              tabindex="0"
            >
              {props.line.text}
            </pre>
            <CopyButton text={() => props.line.text} label={t('copy.copy')} class="absolute end-1 top-1" />
          </div>
        </Show>
      </details>
    </li>
  );
}

function Toolbar(props: {
  filter: string;
  isPaused: boolean;
  copyText: () => string;
  onFilter: (filter: string) => void;
  onPause: () => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex items-center gap-1.5 pb-2">
      <span class="relative min-w-0 flex-1">
        <ListFilter
          aria-hidden="true"
          class="pointer-events-none absolute inset-y-0 start-2.5 my-auto size-4 text-text-3"
        />
        <input
          type="search"
          class="field ps-8.5"
          aria-label={t('events.filter')}
          placeholder={t('events.filterPlaceholder')}
          value={props.filter}
          onInput={(event) => props.onFilter(event.currentTarget.value)}
        />
      </span>
      <button
        type="button"
        class="grid size-9 place-items-center rounded-control text-text-2 hover:bg-muted hover:text-text touch-target"
        aria-pressed={props.isPaused}
        aria-label={t(props.isPaused ? 'events.resume' : 'events.pause')}
        title={t(props.isPaused ? 'events.resume' : 'events.pause')}
        onClick={() => props.onPause()}
      >
        <Show when={props.isPaused} fallback={<Pause aria-hidden="true" class="size-4" />}>
          <Play aria-hidden="true" class="size-4" />
        </Show>
      </button>
      <CopyButton text={props.copyText} label={t('events.copy')} class="size-9" />
    </div>
  );
}

/** Both directions of the data channel, newest first. */
export function EventsTab(props: { lines: readonly LogLine[] }): JSX.Element {
  const { t, plural } = useI18n();
  const [filter, setFilter] = createSignal('');
  const [held, setHeld] = createSignal<readonly LogLine[] | null>(null);
  const source = () => held() ?? props.lines;
  const shown = createMemo(() => filterLines(source(), filter()).slice(-SHOWN_LINES).toReversed());
  const missed = () => {
    const last = held()?.at(-1)?.id ?? 0;
    return held() === null ? 0 : props.lines.filter((line) => line.id > last).length;
  };
  return (
    <Show
      when={props.lines.length > 0}
      fallback={
        <EmptyState
          isCompact
          icon={<SquareActivity aria-hidden="true" />}
          title={t('events.empty')}
          text={t('events.emptyText')}
        />
      }
    >
      <Toolbar
        filter={filter()}
        isPaused={held() !== null}
        copyText={() => serializeLog(shown().toReversed())}
        onFilter={setFilter}
        onPause={() => setHeld(held() === null ? props.lines : null)}
      />
      <p class="pb-1 text-caption text-text-3">
        {missed() > 0 ? plural('events.paused', missed()) : plural('events.count', shown().length)}
      </p>
      <Show
        when={shown().length > 0}
        fallback={
          <div class="flex flex-col items-start gap-2 py-4">
            <p class="text-table text-text-2">{t('events.noMatch', { filter: filter() })}</p>
            <Button size="compact" onClick={() => setFilter('')}>
              {t('events.clearFilter')}
            </Button>
          </div>
        }
      >
        <ul class="-mx-1 min-h-0 flex-1 overflow-y-auto px-1 scroll-quiet max-lg:max-h-96">
          <For each={shown()}>{(line) => <Line line={line} />}</For>
        </ul>
      </Show>
    </Show>
  );
}
