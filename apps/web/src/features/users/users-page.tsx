import { A } from '@solidjs/router';
import Users from 'lucide-solid/icons/users';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { FilterSegments } from '../../ui/filters.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { ListFooter } from '../../ui/page-buttons.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { LimitTextProvider, useLimitText } from '../budgets/limit-text.ts';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { NO_FILTER, USER_STATES } from './user-filter.ts';
import type { UserFilter } from './user-filter.ts';
import { createUserList } from './user-list.ts';
import type { UserList } from './user-list.ts';
import { UsersTable } from './users-table.tsx';

const POLL_SECONDS = 10;

/** Of one row, while the list loads. */
const LOADING_CELLS = ['h-4 w-40', 'h-5 w-20', 'h-4 w-12 max-sm:hidden', 'ms-auto h-4 w-48 max-sm:hidden'];

function EmptyFirst(): JSX.Element {
  const { t } = useLimitText();
  return (
    <EmptyState
      icon={<Users aria-hidden="true" />}
      title={t('users.empty.title')}
      text={t('users.empty.text')}
      action={
        <A href="/playground" class={buttonClass('primary')}>
          {t('users.empty.action')}
        </A>
      }
    />
  );
}

function FilterBar(props: { filter: UserFilter; onChange: (filter: UserFilter) => void }): JSX.Element {
  const { t } = useLimitText();
  return (
    <div class="flex flex-wrap items-center gap-3">
      <SearchField
        label={t('users.search')}
        placeholder={t('users.searchPlaceholder')}
        value={props.filter.query ?? ''}
        onSearch={(text) => props.onChange({ ...props.filter, query: text === '' ? null : text })}
      />
      <FilterSegments
        name="user-state"
        label={t('users.filter')}
        allLabel={t('users.all')}
        value={props.filter.state}
        options={USER_STATES.map((value) => ({ value, label: t(`users.${value}`) }))}
        onChange={(state) => props.onChange({ ...props.filter, state })}
      />
    </div>
  );
}

function Region(props: { list: UserList; now: number }): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('users.region')}
      state={props.list.region()}
      isDimmed={props.list.query.isPlaceholderData}
      loading={<LoadingRows count={5} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={<EmptyFirst />}
      emptyFiltered={
        <EmptyFiltered
          title={t('users.filtered.title')}
          text={t('users.filtered.text')}
          clearLabel={t('users.clear')}
          onClear={() => props.list.apply(NO_FILTER)}
        />
      }
      onRetry={props.list.refetch}
    >
      <UsersTable users={props.list.items()} now={props.now} />
    </DataRegion>
  );
}

function Page(): JSX.Element {
  const { t, plural } = useLimitText();
  const now = createNow(5_000);
  const list = createUserList();
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('users.title')} lead={t('users.lead')}>
        <LiveMark isFresh={!list.query.isError} everySeconds={POLL_SECONDS} />
      </PageHeader>
      <FilterBar filter={list.filter()} onChange={(filter) => list.apply(filter)} />
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Region list={list} now={now()} />
      <ListFooter list={list} shown={plural('users.shown', list.items().length)} order="name" />
    </div>
  );
}

export function UsersPage(): JSX.Element {
  return (
    <OperatorsOnly scope="users:read">
      <LimitTextProvider>
        <Page />
      </LimitTextProvider>
    </OperatorsOnly>
  );
}
