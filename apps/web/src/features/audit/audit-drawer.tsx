import { useQuery } from '@tanstack/solid-query';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import ChevronUp from 'lucide-solid/icons/chevron-up';
import FileQuestion from 'lucide-solid/icons/file-question-mark';
import { createMemo, For, Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { IdChip } from '../../ui/id-chip.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { createActorWords, ResultBadge } from './audit-cells.tsx';
import { NO_FILTER } from './audit-filter.ts';
import type { AuditFilter } from './audit-filter.ts';
import type { AuditList } from './audit-list.ts';
import { useAuditText } from './audit-text.ts';
import type { AuditEntry } from './audit-types.ts';
import { findNeighbours, listDetails, toEntry } from './stored-entry.ts';

type Props = { list: AuditList; seq: number; now: number };

/** From the list where it is on this page, else by its number: the address may have come from a colleague. */
function createEntry(props: Props) {
  const { trpc } = useApi();
  const listed = createMemo(() => props.list.entries().find(({ seq }) => seq === props.seq));
  const query = useQuery(() => ({
    ...trpc.audit.export.queryOptions({ afterSeq: props.seq - 1, limit: 1 }),
    enabled: listed() === undefined && props.list.data() !== undefined,
    staleTime: Infinity,
  }));
  const stored = () => findData(query)?.entries.find(({ seq }) => seq === props.seq);
  return {
    query,
    entry: (): AuditEntry | null => {
      const [inList, alone] = [listed(), stored()];
      return inList ?? (alone === undefined ? null : toEntry(alone));
    },
  };
}

function Id(props: { id: string | null; what: string }): JSX.Element {
  return (
    <Show when={props.id} fallback={<Nothing />}>
      {(id) => <IdChip id={id()} what={props.what} isWhole />}
    </Show>
  );
}

function Facts(props: { entry: AuditEntry; now: number }): JSX.Element {
  const { t, format } = useAuditText();
  const kindWords = createActorWords();
  return (
    <dl class="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      <Fact label={t('entry.time')}>
        <span class="block">{format().dateTime(new Date(props.entry.at))}</span>
        <span class="block text-table text-text-3">
          <RelativeTime at={props.entry.at} now={props.now} />
        </span>
      </Fact>
      <Fact label={t('entry.result')}>
        <ResultBadge result={props.entry.result} />
      </Fact>
      <Fact label={t('entry.actor')}>
        <span class="block">{props.entry.actorName ?? kindWords(props.entry.actorKind)}</span>
        <Show when={props.entry.actorName !== null}>
          <span class="block text-table text-text-3">{kindWords(props.entry.actorKind)}</span>
        </Show>
      </Fact>
      <Fact label={t('entry.network')}>
        <Show when={props.entry.ipPrefix} fallback={<Nothing />}>
          <span class="font-mono text-table" title={t('entry.networkHint')}>
            {props.entry.ipPrefix}
          </span>
        </Show>
      </Fact>
      <Fact label={t('entry.actorId')}>
        <Id id={props.entry.actorId} what={t('entry.actorId')} />
      </Fact>
      <Fact label={t('entry.target')}>
        <Id id={props.entry.target} what={t('entry.target')} />
      </Fact>
      <Fact label={t('entry.requestId')}>
        <Id id={props.entry.requestId} what={t('entry.requestId')} />
      </Fact>
      <Fact label={t('entry.id')}>
        <Id id={props.entry.id} what={t('entry.id')} />
      </Fact>
      <Fact label={t('entry.hash')} class="sm:col-span-2">
        <Show when={props.entry.hash} fallback={<span class="text-text-2">{t('entry.noHash')}</span>}>
          {(hash) => <IdChip id={hash()} what={t('entry.hash')} isWhole />}
        </Show>
      </Fact>
    </dl>
  );
}

function Details(props: { entry: AuditEntry }): JSX.Element {
  const { t } = useAuditText();
  const details = () => listDetails(props.entry.details);
  return (
    <section class="flex flex-col gap-2" aria-label={t('entry.details')}>
      <h3 class="text-table font-medium">{t('entry.details')}</h3>
      <Show
        when={details().length > 0}
        fallback={<p class="text-table text-text-2">{t('entry.noDetails')}</p>}
      >
        <dl class="rounded-control border border-border bg-surface text-table">
          <For each={details()}>
            {({ name, value }) => (
              <div class="grid gap-x-4 border-t border-border px-3 py-2 first:border-t-0 sm:grid-cols-[140px_minmax(0,1fr)]">
                <dt class="font-mono text-caption leading-5 text-text-2">{name}</dt>
                <dd class="wrap-anywhere font-mono text-caption leading-5">{value ?? <Nothing />}</dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
    </section>
  );
}

/** The list again, with nothing but what has this in common with the entry. */
function Narrow(props: { entry: AuditEntry; onApply: (filter: AuditFilter) => void }): JSX.Element {
  const { t } = useAuditText();
  const apply = (part: Partial<AuditFilter>) => props.onApply({ ...NO_FILTER, ...part });
  return (
    <div class="flex flex-wrap gap-2">
      <Button size="compact" onClick={() => apply({ action: props.entry.action })}>
        {t('entry.onlyAction')}
      </Button>
      <Show when={props.entry.actorId}>
        {(actor) => (
          <Button size="compact" onClick={() => apply({ actor: actor() })}>
            {t('entry.onlyActor')}
          </Button>
        )}
      </Show>
      <Show when={props.entry.target}>
        {(target) => (
          <Button size="compact" onClick={() => apply({ target: target() })}>
            {t('entry.onlyTarget')}
          </Button>
        )}
      </Show>
    </div>
  );
}

const STEPS: Readonly<Record<string, 'newer' | 'older'>> = { KeyK: 'newer', KeyJ: 'older' };

/** K and J go through the entries, as the arrows of a list would. Nothing is typed in a drawer. */
function listenForSteps(onStep: (way: 'newer' | 'older') => void): void {
  function press(event: KeyboardEvent): void {
    const way = STEPS[event.code];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onStep(way);
  }
  onMount(() => document.addEventListener('keydown', press));
  onCleanup(() => document.removeEventListener('keydown', press));
}

function Steps(props: Props): JSX.Element {
  const { t } = useAuditText();
  const i18n = useI18n();
  const neighbours = createMemo(() =>
    findNeighbours(
      props.list.entries().map(({ seq }) => seq),
      props.seq,
    ),
  );
  function step(way: 'newer' | 'older'): void {
    const seq = neighbours()[way];
    if (seq !== null) props.list.open(seq);
  }
  listenForSteps(step);
  return (
    <DialogFooter>
      <span class="me-auto hidden text-caption text-text-3 sm:inline">{t('entry.keys')}</span>
      <Button size="compact" disabled={neighbours().newer === null} onClick={() => step('newer')}>
        <ChevronUp aria-hidden="true" class="size-4" />
        {i18n.t('pages.newer')}
      </Button>
      <Button size="compact" disabled={neighbours().older === null} onClick={() => step('older')}>
        <ChevronDown aria-hidden="true" class="size-4" />
        {i18n.t('pages.older')}
      </Button>
    </DialogFooter>
  );
}

/** One entry in whole, beside the list it stands in. */
export function AuditDrawer(props: Props): JSX.Element {
  const { t } = useAuditText();
  const i18n = useI18n();
  const found = createEntry(props);
  return (
    <Dialog isDrawer title={t('entry.title', { seq: props.seq })} onClose={() => props.list.open(null)}>
      <DialogBody class="flex-1">
        <Switch fallback={<LoadingRows count={5} cells={['h-4 w-24', 'h-4 w-40']} />}>
          <Match when={found.entry()}>
            {(entry) => (
              <>
                <p class="font-mono text-body font-medium">{entry().action}</p>
                <Facts entry={entry()} now={props.now} />
                <Details entry={entry()} />
                <Narrow entry={entry()} onApply={(filter) => props.list.apply(filter)} />
              </>
            )}
          </Match>
          <Match when={found.query.isError}>
            <ErrorState
              error={toUiError(found.query.error, i18n.t)}
              onRetry={() => void found.query.refetch()}
            />
          </Match>
          <Match when={found.query.isSuccess}>
            <EmptyState
              icon={<FileQuestion aria-hidden="true" />}
              title={t('entry.title', { seq: props.seq })}
              text={t('entry.missing')}
              isCompact
            />
          </Match>
        </Switch>
      </DialogBody>
      <Steps {...props} />
    </Dialog>
  );
}
