import { useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import ShieldBan from 'lucide-solid/icons/shield-ban';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findDetailFailure } from '../../api/detail-failure.ts';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { DetailPage } from '../../ui/detail-page.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ErrorNotice, Notice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { createBudgetDialogs, OpenBudgetDialog } from '../budgets/budget-dialogs.tsx';
import type { BudgetDialogs } from '../budgets/budget-dialogs.tsx';
import { LimitTextProvider, useLimitText } from '../budgets/limit-text.ts';
import { USER_LIMITS } from '../budgets/limit-types.ts';
import type { UserDetail } from '../budgets/limit-types.ts';
import { LimitsPanel } from '../budgets/limits-panel.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { ModelsPanel } from './models-panel.tsx';
import { OwnBudget } from './own-budget.tsx';
import { nameOfUser, UserBadge } from './user-cells.tsx';
import { UserFacts } from './user-facts.tsx';
import { readIdPath } from '../../ui/id-path.ts';

const BlockDialog = lazy(async () => ({ default: (await import('./block-dialog.tsx')).BlockDialog }));
const UserSessions = lazy(async () => ({ default: (await import('./user-sessions.tsx')).UserSessions }));

const POLL_MS = 10_000;

function createDetail(id: () => string) {
  const { trpc } = useApi();
  const can = useCan();
  const query = useQuery(() => ({ ...trpc.users.get.queryOptions({ id: id() }), refetchInterval: POLL_MS }));
  const budgets = useQuery(() => ({ ...trpc.budgets.list.queryOptions(), enabled: can('budgets:read') }));
  return {
    query,
    data: () => findData(query),
    own: () =>
      findData(budgets)?.items.find(({ scope, subject }) => scope === 'user' && subject === id()) ?? null,
    refetch: (): void => {
      void query.refetch();
      void budgets.refetch();
    },
  };
}

type Detail = ReturnType<typeof createDetail>;

type PartProps = { detail: Detail; data: UserDetail; dialogs: BudgetDialogs; now: number };

function BlockActions(props: PartProps): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { client } = useApi();
  const [isAsking, setIsAsking] = createSignal(false);
  const unblock = createAction(() => client.users.unblock.mutate({ id: props.data.user.id }));
  const failure = () => {
    const state = unblock.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  const name = () => nameOfUser(props.data.user);
  function finish(text: string): void {
    setIsAsking(false);
    props.dialogs.tell(text);
    props.detail.refetch();
  }
  // Back into use needs no second question: it takes nothing from anyone.
  async function allow(): Promise<void> {
    if ((await unblock.run(undefined)) !== null) finish(t('user.done.unblock', { name: name() }));
  }
  return (
    <>
      <Show
        when={props.data.user.isBlocked}
        fallback={
          <Button onClick={() => setIsAsking(true)}>
            <ShieldBan aria-hidden="true" class="size-4" />
            {t('user.block')}
          </Button>
        }
      >
        <Button disabled={unblock.state().status === 'running'} onClick={() => void allow()}>
          {t('user.unblock')}
        </Button>
      </Show>
      <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      <Show when={isAsking()}>
        <Suspense>
          <BlockDialog
            user={props.data.user}
            onClose={() => setIsAsking(false)}
            onBlocked={() => finish(t('user.done.block', { name: name() }))}
          />
        </Suspense>
      </Show>
    </>
  );
}

function BlockedNotice(props: { data: UserDetail }): JSX.Element {
  const { t } = useLimitText();
  const reason = () => props.data.blockedReason;
  return (
    <Show when={props.data.user.isBlocked}>
      <Notice tone="danger" icon={<ShieldBan aria-hidden="true" />}>
        {reason() === null ? t('user.blockedPlain') : t('user.blocked', { reason: reason() ?? '' })}
      </Notice>
    </Show>
  );
}

function Body(props: PartProps): JSX.Element {
  const { t } = useLimitText();
  const { client } = useApi();
  const can = useCan();
  const id = () => props.data.user.id;
  function finish(): void {
    props.dialogs.tell(t('done.limits'));
    props.detail.refetch();
  }
  return (
    <>
      <BlockedNotice data={props.data} />
      <UserFacts user={props.data.user} now={props.now} />
      <div class="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
        <LimitsPanel
          title={t('limits.title')}
          model={{
            names: USER_LIMITS,
            values: props.data.limits,
            canWrite: can('users:write'),
            words: { own: 'limits.own', inherited: 'limits.inherited' },
            save: ({ mintsPerMinutePerAddress: _ofTheDeployment, ...changes }) =>
              client.users.setLimits.mutate({ id: id(), ...changes }),
          }}
          onSaved={finish}
        />
        <div class="flex flex-col gap-4">
          <OwnBudget
            user={props.data.user}
            own={props.detail.own()}
            canWrite={can('budgets:write')}
            dialogs={props.dialogs}
          />
          <ModelsPanel
            allowed={props.data.allowedModels}
            canWrite={can('users:write')}
            save={(allowedModels) => client.users.setLimits.mutate({ id: id(), allowedModels })}
            onSaved={finish}
          />
        </div>
      </div>
      <Suspense>
        <UserSessions id={id()} now={props.now} />
      </Suspense>
    </>
  );
}

function LoadingUser(): JSX.Element {
  return (
    <Loading>
      <Skeleton class="h-28 w-full" />
      <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
        <Skeleton class="h-56" />
        <Skeleton class="h-56" />
      </div>
    </Loading>
  );
}

function Page(): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const can = useCan();
  const now = createNow();
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => readIdPath(params.id));
  const dialogs = createBudgetDialogs();
  const name = () => {
    const data = detail.data();
    return data === undefined ? undefined : nameOfUser(data.user);
  };
  return (
    <>
      <DetailPage
        title={t('user.title')}
        name={name()}
        backHref="/users"
        backLabel={t('user.back')}
        data={detail.data()}
        failure={findDetailFailure(detail.query, i18n.t)}
        onRetry={detail.refetch}
        actions={(data) => (
          <div class="flex flex-wrap items-center gap-3">
            <UserBadge user={data().user} />
            <Show when={can('users:write')}>
              <BlockActions detail={detail} data={data()} dialogs={dialogs} now={now()} />
            </Show>
          </div>
        )}
        loading={<LoadingUser />}
      >
        {(data) => <Body detail={detail} data={data()} dialogs={dialogs} now={now()} />}
      </DetailPage>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <OpenBudgetDialog dialogs={dialogs} onChanged={detail.refetch} />
    </>
  );
}

export function UserPage(): JSX.Element {
  return (
    <OperatorsOnly scope="users:read">
      <LimitTextProvider>
        <Page />
      </LimitTextProvider>
    </OperatorsOnly>
  );
}
