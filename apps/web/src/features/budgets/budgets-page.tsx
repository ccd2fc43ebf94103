import { useSearchParams } from '@solidjs/router';
import Info from 'lucide-solid/icons/info';
import Plus from 'lucide-solid/icons/plus';
import Wallet from 'lucide-solid/icons/wallet';
import { onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { FilterSegments, withCount } from '../../ui/filters.tsx';
import { Loading, LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState, Notice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { createBudgetDialogs, OpenBudgetDialog } from './budget-dialogs.tsx';
import type { BudgetDialogs } from './budget-dialogs.tsx';
import { OWN_SCOPES } from './budget-filter.ts';
import { hasSubject, parseBudgetScope } from './budget-form.ts';
import type { BudgetTarget } from './budget-form.ts';
import { createBudgetList } from './budget-list.ts';
import type { BudgetListModel } from './budget-list.ts';
import { BudgetsTable } from './budgets-table.tsx';
import { LimitTextProvider, useLimitText } from './limit-text.ts';
import { DEPLOYMENT_LIMITS } from './limit-types.ts';
import type { BudgetList } from './limit-types.ts';
import { LimitsPanel } from './limits-panel.tsx';
import { ScopeCard } from './scope-card.tsx';

/** Of one row, while the list loads. */
const LOADING_CELLS = ['h-4 w-36', 'h-4 w-48', 'h-4 w-24 max-sm:hidden', 'ms-auto h-4 w-28 max-sm:hidden'];

const NEW_BUDGET: BudgetTarget = { scope: 'user', subject: '', name: null, current: null };

type PartProps = { list: BudgetListModel; dialogs: BudgetDialogs; now: number; canWrite: boolean };

function SetButton(props: { dialogs: BudgetDialogs }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Button variant="primary" onClick={() => props.dialogs.edit(NEW_BUDGET)}>
      <Plus aria-hidden="true" class="size-4" />
      {t('budgets.set')}
    </Button>
  );
}

/** What a budget can and cannot do, where somebody relies on it. */
function Rule(props: { data: BudgetList }): JSX.Element {
  const { t, format } = useLimitText();
  return (
    <Notice tone="accent" icon={<Info aria-hidden="true" />}>
      <p>{t('budgets.rule', { length: format().duration(props.data.limits.maxSessionSeconds.value) })}</p>
      <p>{t('budgets.ruleWarn')}</p>
    </Notice>
  );
}

function Cards(props: PartProps & { data: BudgetList }): JSX.Element {
  const find = (scope: 'project' | 'default_user') =>
    props.data.items.find((budget) => budget.scope === scope) ?? null;
  return (
    <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
      <ScopeCard scope="project" budget={find('project')} canWrite={props.canWrite} dialogs={props.dialogs} />
      <ScopeCard
        scope="default_user"
        budget={find('default_user')}
        canWrite={props.canWrite}
        dialogs={props.dialogs}
      />
    </div>
  );
}

function OwnBudgets(props: PartProps): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('budgets.region')}
      state={props.list.region()}
      isDimmed={props.list.query.isError && props.list.data() !== undefined}
      loading={<LoadingRows count={3} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<Wallet aria-hidden="true" />}
          title={t('budgets.empty.title')}
          text={t('budgets.empty.text')}
          isCompact
          action={
            <Show when={props.canWrite}>
              <SetButton dialogs={props.dialogs} />
            </Show>
          }
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('budgets.filtered.title')}
          text={t('budgets.filtered.text')}
          clearLabel={t('budgets.clear')}
          onClear={() => props.list.filter(null)}
        />
      }
      onRetry={props.list.refetch}
    >
      <BudgetsTable
        budgets={props.list.shown()}
        now={props.now}
        canWrite={props.canWrite}
        dialogs={props.dialogs}
      />
    </DataRegion>
  );
}

function OwnHeader(props: { list: BudgetListModel }): JSX.Element {
  const { t } = useLimitText();
  return (
    <div class="flex flex-wrap items-end justify-between gap-3">
      <div>
        <h2 class="text-h3 font-semibold tracking-tight">{t('budgets.region')}</h2>
        <p class="text-table text-text-2">{t('budgets.regionLead')}</p>
      </div>
      <Show when={props.list.count(null) > 0}>
        <FilterSegments
          name="budget-for"
          label={t('budgets.filter')}
          allLabel={withCount(t('budgets.all'), props.list.count(null))}
          value={props.list.scope()}
          options={OWN_SCOPES.map((value) => ({
            value,
            label: withCount(t(`budgets.scope.${value}`), props.list.count(value)),
          }))}
          onChange={(scope) => props.list.filter(scope)}
        />
      </Show>
    </div>
  );
}

function DeploymentLimits(props: PartProps & { data: BudgetList }): JSX.Element {
  const { t } = useLimitText();
  const { client } = useApi();
  return (
    <LimitsPanel
      title={t('limits.deployment')}
      lead={t('limits.deploymentLead')}
      model={{
        names: DEPLOYMENT_LIMITS,
        values: props.data.limits,
        canWrite: props.canWrite,
        words: { own: 'limits.fromOperator', inherited: 'limits.fromEnvironment' },
        save: (changes) => client.budgets.setLimits.mutate(changes),
      }}
      onSaved={() => {
        props.dialogs.tell(t('done.limits'));
        props.list.refetch();
      }}
    />
  );
}

/** `?scope=access_key&subject=…` opens the dialog of that budget: other pages lead here with it. */
function openFromAddress(dialogs: BudgetDialogs): void {
  const [search, setSearch] = useSearchParams<{ scope?: string | string[]; subject?: string | string[] }>();
  onMount(() => {
    const [scope, { subject }] = [parseBudgetScope(search.scope), search];
    if (scope === null) return;
    const chosen = hasSubject(scope) && typeof subject === 'string' ? subject : '';
    dialogs.edit({ scope, subject: chosen, name: null, current: null });
    setSearch({ scope: null, subject: null }, { replace: true });
  });
}

function Page(): JSX.Element {
  const { t } = useLimitText();
  const can = useCan();
  const now = createNow(5_000);
  const list = createBudgetList();
  const dialogs = createBudgetDialogs();
  const canWrite = () => can('budgets:write');
  if (canWrite()) openFromAddress(dialogs);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('budgets.title')} lead={t('budgets.lead')}>
        <Show when={canWrite()}>
          <SetButton dialogs={dialogs} />
        </Show>
      </PageHeader>
      <Show when={list.query.isError && list.data() !== undefined}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Show when={list.data()}>
        {(data) => (
          <>
            <Rule data={data()} />
            <Cards list={list} dialogs={dialogs} now={now()} canWrite={canWrite()} data={data()} />
          </>
        )}
      </Show>
      <Show when={list.region() === 'loading'}>
        <Loading>
          <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
            <Skeleton class="h-40" />
            <Skeleton class="h-40" />
          </div>
        </Loading>
      </Show>
      <OwnHeader list={list} />
      <OwnBudgets list={list} dialogs={dialogs} now={now()} canWrite={canWrite()} />
      <Show when={list.data()}>
        {(data) => (
          <DeploymentLimits list={list} dialogs={dialogs} now={now()} canWrite={canWrite()} data={data()} />
        )}
      </Show>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <OpenBudgetDialog dialogs={dialogs} onChanged={list.refetch} />
    </div>
  );
}

export function BudgetsPage(): JSX.Element {
  return (
    <OperatorsOnly scope="budgets:read">
      <LimitTextProvider>
        <Page />
      </LimitTextProvider>
    </OperatorsOnly>
  );
}
