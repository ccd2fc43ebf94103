import BookOpen from 'lucide-solid/icons/book-open';
import KeySquare from 'lucide-solid/icons/key-square';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { FilterSegments, FilterSelect, withCount } from '../../ui/filters.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { createKeyDialogs, KeyActionDialogs } from './dialogs.tsx';
import type { KeyDialogs } from './dialogs.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { NO_FILTER, STATE_FILTERS } from './key-filter.ts';
import { countKeys, createKeyList } from './key-list.ts';
import { KeyTextProvider, useKeyText } from './key-text.ts';
import { KeysTable } from './keys-table.tsx';

/** Of one row, while the list loads. */
const LOADING_CELLS = [
  'h-4 w-36',
  'h-4 w-28',
  'h-4 w-32 max-sm:hidden',
  'ms-auto h-4 w-24 max-sm:hidden',
  'h-5 w-20 max-sm:hidden',
];

type KeyListModel = ReturnType<typeof createKeyList>;
type PartProps = { list: KeyListModel; dialogs: KeyDialogs; now: number };

function CreateButton(props: { dialogs: KeyDialogs; isReady: boolean }): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  return (
    <Show when={can('access-keys:write')}>
      <Button
        data-shortcut="create"
        variant="primary"
        disabled={!props.isReady}
        onClick={() => props.dialogs.showCreate()}
      >
        <Plus aria-hidden="true" class="size-4" />
        {t('create')}
      </Button>
    </Show>
  );
}

function FilterBar(props: { list: KeyListModel }): JSX.Element {
  const { t } = useKeyText();
  const current = () =>
    [...props.list.counts()].reduce((sum, [state, count]) => (state === 'over' ? sum : sum + count), 0);
  const wordOf = (state: (typeof STATE_FILTERS)[number]) =>
    state === 'over' ? t('filter.over') : t(`state.${state}`);
  return (
    <div class="flex flex-wrap items-center gap-3">
      <FilterSelect
        label={t('filter.environment')}
        allLabel={t('filter.allEnvironments')}
        value={props.list.filter().environment}
        options={[
          { value: 'live', label: t('field.live') },
          { value: 'test', label: t('field.test') },
        ]}
        onChange={(value) =>
          props.list.apply({
            ...props.list.filter(),
            environment: value === 'live' || value === 'test' ? value : null,
          })
        }
      />
      <FilterSegments
        name="access-key-state"
        label={t('filter.state')}
        allLabel={withCount(t('filter.current'), current())}
        value={props.list.filter().state}
        options={STATE_FILTERS.map((value) => ({
          value,
          label: withCount(wordOf(value), props.list.counts().get(value) ?? 0),
        }))}
        onChange={(state) => props.list.apply({ ...props.list.filter(), state })}
      />
    </div>
  );
}

function Region(props: PartProps): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('region')}
      state={props.list.region()}
      isDimmed={props.list.query.isError && props.list.data() !== undefined}
      loading={<LoadingRows count={4} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<KeySquare aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<CreateButton dialogs={props.dialogs} isReady={props.list.data() !== undefined} />}
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
      <KeysTable
        keys={props.list.keys()}
        now={props.now}
        onAction={(key, action) => props.dialogs.show(key, action)}
      />
    </DataRegion>
  );
}

function KeysPage(): JSX.Element {
  const { t, plural } = useKeyText();
  const now = createNow();
  const list = createKeyList(now);
  const dialogs = createKeyDialogs(list.refetch);
  const hasKeys = createMemo(() => (list.data()?.items.length ?? 0) > 0);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')}>
        <div class="flex flex-wrap items-center gap-3">
          <a href="/docs" rel="external" class={buttonClass('secondary')}>
            <BookOpen aria-hidden="true" class="size-4" />
            {t('docs')}
          </a>
          <CreateButton dialogs={dialogs} isReady={list.data() !== undefined} />
        </div>
      </PageHeader>
      <Show when={dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Show when={hasKeys()}>
        <FilterBar list={list} />
      </Show>
      <Region list={list} dialogs={dialogs} now={now()} />
      <Show when={list.region() === 'data'}>
        <p class="text-table text-text-2">{plural('filter.count', countKeys(list.keys()))}</p>
      </Show>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={list.data()}>
        {(data) => <KeyActionDialogs dialogs={dialogs} list={data()} now={now()} onChanged={list.refetch} />}
      </Show>
    </div>
  );
}

export function AccessKeysPage(): JSX.Element {
  return (
    <OperatorsOnly scope="access-keys:read">
      <KeyTextProvider>
        <KeysPage />
      </KeyTextProvider>
    </OperatorsOnly>
  );
}
