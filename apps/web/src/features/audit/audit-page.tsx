import ScrollText from 'lucide-solid/icons/scroll-text';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageButtons } from '../../ui/page-buttons.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { AuditDrawer } from './audit-drawer.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { NO_FILTER } from './audit-filter.ts';
import { createAuditList, POLL_SECONDS } from './audit-list.ts';
import type { AuditList } from './audit-list.ts';
import { AuditTable } from './audit-table.tsx';
import { AuditTextProvider, useAuditText } from './audit-text.ts';
import { BrokenNotice, ChainBadge, ChainPanel, createChain } from './chain-panel.tsx';
import { TakeAlong } from './take-along.tsx';

const TICK_MS = 5_000;

/** Of one row, while the list loads. */
const LOADING_CELLS = ['h-4 w-10', 'h-4 w-28', 'h-4 w-32 max-sm:hidden', 'ms-auto h-4 w-40', 'h-5 w-16'];

function Region(props: { list: AuditList; now: number }): JSX.Element {
  const { t } = useAuditText();
  const i18n = useI18n();
  const hasOlder = () => (props.list.data()?.nextCursor ?? null) !== null;
  return (
    <DataRegion
      label={t('region')}
      state={props.list.region()}
      isDimmed={props.list.query.isPlaceholderData || props.list.query.isError}
      loading={<LoadingRows count={8} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<ScrollText aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<Button onClick={props.list.refetch}>{t('empty.action')}</Button>}
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t(hasOlder() ? 'filtered.older' : 'filtered.text')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.apply(NO_FILTER)}
        />
      }
      onRetry={props.list.refetch}
    >
      <AuditTable entries={props.list.entries()} now={props.now} />
    </DataRegion>
  );
}

function Footer(props: { list: AuditList }): JSX.Element {
  const { plural } = useAuditText();
  return (
    <Show when={props.list.data()}>
      {(data) => (
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="text-table text-text-2">{plural('shown', data().items.length)}</p>
          <PageButtons pager={props.list.pager} nextCursor={data().nextCursor} />
        </div>
      )}
    </Show>
  );
}

function Content(): JSX.Element {
  const { t } = useAuditText();
  const now = createNow(TICK_MS);
  const list = createAuditList();
  const chain = createChain();
  const hasEntries = () => (chain.status()?.total ?? 0) > 0;
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')}>
        <span class="flex flex-wrap items-center gap-4">
          <ChainBadge chain={chain} />
          <LiveMark isFresh={!list.query.isError} everySeconds={POLL_SECONDS} />
        </span>
      </PageHeader>
      <BrokenNotice chain={chain} />
      <AuditFilterBar filter={list.filter()} onChange={(filter) => list.apply(filter)} />
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Region list={list} now={now()} />
      <Footer list={list} />
      <ChainPanel chain={chain} now={now()}>
        <TakeAlong filter={list.filter()} hasEntries={hasEntries()} />
      </ChainPanel>
      <Show when={list.openSeq()}>{(seq) => <AuditDrawer list={list} seq={seq()} now={now()} />}</Show>
    </div>
  );
}

export function AuditPage(): JSX.Element {
  return (
    <OperatorsOnly scope="audit:read">
      <AuditTextProvider>
        <Content />
      </AuditTextProvider>
    </OperatorsOnly>
  );
}
