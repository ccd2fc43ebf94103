import { A } from '@solidjs/router';
import Network from 'lucide-solid/icons/network';
import Ticket from 'lucide-solid/icons/ticket';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { ListFooter } from '../../ui/page-buttons.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { NodeFilterBar } from './node-filter-bar.tsx';
import { NO_FILTER } from './node-filter.ts';
import { createChoices, createNodeList, createRegions, POLL_SECONDS } from './node-list.ts';
import type { NodeList } from './node-list.ts';
import { NodeTextProvider, useNodeText } from './node-text.ts';
import { NodesTable } from './nodes-table.tsx';
import { RegionsPanel } from './regions-panel.tsx';

/** Of one row, while the list loads. */
const LOADING_CELLS = [
  'h-4 w-44',
  'h-5 w-20',
  'h-4 w-24 max-sm:hidden',
  'h-4 w-32 max-sm:hidden',
  'ms-auto h-4 w-24',
];

function TokensLink(props: { variant: 'primary' | 'secondary' }): JSX.Element {
  const { t } = useNodeText();
  const can = useCan();
  return (
    <Show when={can('nodes:write')}>
      <A href="/registration-tokens" class={buttonClass(props.variant)}>
        <Ticket aria-hidden="true" class="size-4" />
        {t('tokens.title')}
      </A>
    </Show>
  );
}

function Region(props: { list: NodeList; now: number }): JSX.Element {
  const { t } = useNodeText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('region')}
      state={props.list.region()}
      isDimmed={props.list.query.isPlaceholderData}
      loading={<LoadingRows count={5} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<Network aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<TokensLink variant="primary" />}
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t('filtered.text')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.apply(NO_FILTER)}
        />
      }
      onRetry={props.list.refetch}
    >
      <NodesTable nodes={props.list.items()} now={props.now} />
    </DataRegion>
  );
}

function Page(): JSX.Element {
  const { t, plural } = useNodeText();
  const now = createNow();
  const list = createNodeList();
  const regions = createRegions();
  const choices = createChoices();
  const known = () => regions.regions() ?? [];
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')}>
        <span class="flex flex-wrap items-center gap-4">
          <LiveMark isFresh={!list.query.isError} everySeconds={POLL_SECONDS} />
          <TokensLink variant="secondary" />
        </span>
      </PageHeader>
      <RegionsPanel
        regions={known()}
        chosen={list.filter().region}
        onChoose={(region) => list.apply({ ...list.filter(), region })}
      />
      <NodeFilterBar
        filter={list.filter()}
        regions={known()}
        choices={choices()}
        onChange={(filter) => list.apply(filter)}
      />
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Region list={list} now={now()} />
      <ListFooter list={list} shown={plural('shown', list.items().length)} order="name" />
    </div>
  );
}

export function NodesPage(): JSX.Element {
  return (
    <OperatorsOnly scope="nodes:read">
      <NodeTextProvider>
        <Page />
      </NodeTextProvider>
    </OperatorsOnly>
  );
}
