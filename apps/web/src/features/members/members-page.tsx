import { useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import UserPlus from 'lucide-solid/icons/user-plus';
import Users from 'lucide-solid/icons/users';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { FilterSegments, withCount } from '../../ui/filters.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { findRegionState } from '../../ui/region-state.ts';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState, ErrorNotice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { AccountTextProvider, useAccountText } from '../settings/account-text.ts';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { createMemberDialogs, MemberActionDialogs } from './dialogs.tsx';
import type { MemberDialogs } from './dialogs.tsx';
import { countByRole, selectMembers } from './member-rules.ts';
import { MEMBER_ROLES, parseMemberRole } from './member-types.ts';
import { MembersTable } from './members-table.tsx';

const POLL_MS = 15_000;

/** Of one row, while the list loads. */
const LOADING_CELLS = ['h-4 w-44', 'h-4 w-20 max-sm:hidden', 'ms-auto h-5 w-16'];

/** There are tens of members: they are filtered here. */
function createMembers() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<{ role?: string }>();
  const query = useQuery(() => ({ ...trpc.members.list.queryOptions(), refetchInterval: POLL_MS }));
  const all = () => findData(query)?.items ?? [];
  const role = () => parseMemberRole(search.role);
  const members = () => selectMembers(all(), role());
  return {
    query,
    all,
    role,
    members,
    isLoaded: () => findData(query) !== undefined,
    choose: (next: string | null): void => setSearch({ role: next }),
    refetch: () => void query.refetch(),
    region: () =>
      findRegionState({
        count: findData(query) === undefined ? null : members().length,
        isError: query.isError,
        isFiltered: role() !== null && all().length > 0,
      }),
  };
}

type PartProps = { list: ReturnType<typeof createMembers>; dialogs: MemberDialogs };

function AddButton(props: PartProps): JSX.Element {
  const { t } = useAccountText();
  const can = useCan();
  return (
    <Show when={can('members:write')}>
      <Button data-shortcut="create" variant="primary" onClick={() => props.dialogs.showAdd()}>
        <UserPlus aria-hidden="true" class="size-4" />
        {t('members.add')}
      </Button>
    </Show>
  );
}

function RoleFilter(props: PartProps): JSX.Element {
  const { t } = useAccountText();
  const counts = () => countByRole(props.list.all());
  return (
    <FilterSegments
      name="member-role-filter"
      label={t('filter.role')}
      allLabel={withCount(t('filter.all'), props.list.all().length)}
      value={props.list.role()}
      options={MEMBER_ROLES.map((value) => ({
        value,
        label: withCount(t(`role.${value}`), counts().get(value) ?? 0),
      }))}
      onChange={(role) => props.list.choose(role)}
    />
  );
}

function Region(props: PartProps & { now: number }): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('members.region')}
      state={props.list.region()}
      isDimmed={props.list.query.isError && props.list.isLoaded()}
      loading={<LoadingRows count={3} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<Users aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<AddButton list={props.list} dialogs={props.dialogs} />}
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t('filtered.text')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.choose(null)}
        />
      }
      onRetry={props.list.refetch}
    >
      <MembersTable
        members={props.list.members()}
        all={props.list.all()}
        now={props.now}
        onAction={(member, action) => props.dialogs.show(member, action)}
      />
    </DataRegion>
  );
}

function Content(): JSX.Element {
  const { t, plural } = useAccountText();
  const i18n = useI18n();
  const now = createNow(30_000);
  const list = createMembers();
  const dialogs = createMemberDialogs(list.refetch);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('members.title')} lead={t('members.lead')}>
        <AddButton list={list} dialogs={dialogs} />
      </PageHeader>
      <Show when={dialogs.problem()}>
        {(problem) => <ErrorNotice error={toUiError(problem().error, i18n.t)} />}
      </Show>
      <Show when={list.query.isError && list.isLoaded()}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Show when={list.all().length > 0}>
        <RoleFilter list={list} dialogs={dialogs} />
      </Show>
      <Region list={list} dialogs={dialogs} now={now()} />
      <Show when={list.region() === 'data'}>
        <p class="text-table text-text-2">{plural('members.count', list.members().length)}</p>
      </Show>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <MemberActionDialogs dialogs={dialogs} all={list.all()} onChanged={list.refetch} />
    </div>
  );
}

export function MembersPage(): JSX.Element {
  return (
    <OperatorsOnly scope="members:read">
      <AccountTextProvider>
        <Content />
      </AccountTextProvider>
    </OperatorsOnly>
  );
}
