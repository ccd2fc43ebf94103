import { A, useNavigate, useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import PlugZap from 'lucide-solid/icons/plug-zap';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import Server from 'lucide-solid/icons/server';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import type { UiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { ErrorState, Notice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { createKeyDialogs, KeyActionDialogs } from './dialogs.tsx';
import type { KeyDialogs } from './dialogs.tsx';
import { EventsList } from './events-list.tsx';
import { listActions } from './key-actions.ts';
import type { KeyAction } from './key-actions.ts';
import { LastFour } from './key-cells.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { KeyFacts } from './key-facts.tsx';
import { createPoolQuery, findPoolFacts } from './key-list.ts';
import { KeyMenu } from './key-menu.tsx';
import { useKeyText } from './key-text.ts';
import type { KeyDetail, KeyList, KeySummary } from './key-types.ts';
import { OperatorsOnly } from './operators-only.tsx';
import { UsagePanel } from './usage-panel.tsx';

const POLL_MS = 5_000;

function BackLink(): JSX.Element {
  const { t } = useKeyText();
  return (
    <A
      href="/provider-keys"
      class="mb-1 inline-flex w-fit items-center gap-1.5 rounded-control text-table font-medium text-text-2 no-underline hover:text-text touch-target"
    >
      <ArrowLeft aria-hidden="true" class="size-4" />
      {t('detail.back')}
    </A>
  );
}

/** The two that are used most as buttons, the others behind one. */
function Actions(props: { summary: KeySummary; list: KeyList; dialogs: KeyDialogs }): JSX.Element {
  const { t } = useKeyText();
  const pool = () => findPoolFacts(props.list, props.summary);
  const blockOf = (action: KeyAction) => {
    const found = listActions(props.summary, pool()).find((offered) => offered.action === action);
    return found?.blockedBy ?? null;
  };
  const titleOf = (action: KeyAction) => {
    const blockedBy = blockOf(action);
    return blockedBy === null ? undefined : t(blockedBy);
  };
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Button
        disabled={blockOf('test') !== null}
        title={titleOf('test')}
        onClick={() => props.dialogs.show(props.summary, 'test')}
      >
        <PlugZap aria-hidden="true" class="size-4" />
        {t('action.test')}
      </Button>
      <Button
        variant="primary"
        disabled={blockOf('rotate') !== null}
        title={titleOf('rotate')}
        onClick={() => props.dialogs.show(props.summary, 'rotate')}
      >
        <RotateCcwKey aria-hidden="true" class="size-4" />
        {t('action.rotate')}
      </Button>
      <KeyMenu
        summary={props.summary}
        pool={pool()}
        except={['test', 'rotate']}
        hasWord
        onChoose={(action) => props.dialogs.show(props.summary, action)}
      />
    </div>
  );
}

function LoadingDetail(): JSX.Element {
  const { t } = useKeyText();
  return (
    <Delayed>
      <p class="sr-only" role="status">
        {t('loading')}
      </p>
      <Skeleton class="h-36 w-full" />
      <Skeleton class="h-64 w-full" />
    </Delayed>
  );
}

function LoadFailure(props: { error: UiError; onRetry: () => void }): JSX.Element {
  const { t } = useKeyText();
  const isMissing = () => props.error.code === 'not_found';
  return (
    <ErrorState
      error={props.error}
      onRetry={isMissing() ? undefined : props.onRetry}
      actions={
        <A href="/provider-keys" class={buttonClass(isMissing() ? 'primary' : 'secondary')}>
          {t('detail.back')}
        </A>
      }
    />
  );
}

function Body(props: { detail: KeyDetail; keys: readonly KeySummary[]; now: number }): JSX.Element {
  const { t } = useKeyText();
  return (
    <>
      <Show when={props.detail.key.source === 'environment'}>
        <Notice tone="accent" icon={<Server aria-hidden="true" />}>
          {t(props.detail.key.isConfigured ? 'source.environmentHint' : 'source.missing')}
        </Notice>
      </Show>
      <KeyFacts summary={props.detail.key} keys={props.keys} now={props.now} />
      <div class="grid items-start gap-4 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <UsagePanel id={props.detail.key.id} now={props.now} />
        <Panel title={t('events.title')}>
          <EventsList events={props.detail.events} />
        </Panel>
      </div>
    </>
  );
}

function createDetail(id: () => string) {
  const { trpc } = useApi();
  const query = useQuery(() => ({ ...trpc.keys.get.queryOptions({ id: id() }), refetchInterval: POLL_MS }));
  const pool = createPoolQuery();
  return {
    query,
    data: () => findData(query),
    list: pool.data,
    refetch: (): void => {
      void query.refetch();
      pool.refetch();
    },
  };
}

type Detail = ReturnType<typeof createDetail>;

function DetailRegion(props: { detail: Detail; now: number }): JSX.Element {
  const i18n = useI18n();
  const isStale = () => props.detail.query.isError && props.detail.data() !== undefined;
  return (
    <Switch>
      <Match when={props.detail.data()}>
        {(data) => (
          <div class={`flex flex-col gap-4 transition-opacity ${isStale() ? 'opacity-60' : ''}`}>
            <Body detail={data()} keys={props.detail.list()?.items ?? []} now={props.now} />
          </div>
        )}
      </Match>
      <Match when={props.detail.query.isError}>
        <div class="card">
          <LoadFailure error={toUiError(props.detail.query.error, i18n.t)} onRetry={props.detail.refetch} />
        </div>
      </Match>
      <Match when={props.detail.query.isPending}>
        <LoadingDetail />
      </Match>
    </Switch>
  );
}

function KeyPage(): JSX.Element {
  const { t } = useKeyText();
  const now = createNow();
  const navigate = useNavigate();
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => params.id);
  const dialogs = createKeyDialogs(detail.refetch);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={detail.data()?.key.name ?? t('detail.title')}
        documentTitle={t('detail.title')}
        before={<BackLink />}
        after={
          <Show when={detail.data()}>
            {(data) => (
              <p class="text-body text-text-2">
                {data().key.providerName} · <LastFour digits={data().key.lastFour} />
              </p>
            )}
          </Show>
        }
      >
        <Show when={detail.data()}>
          {(data) => (
            <Show when={detail.list()}>
              {(list) => <Actions summary={data().key} list={list()} dialogs={dialogs} />}
            </Show>
          )}
        </Show>
      </PageHeader>
      <Show when={dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
      <DetailRegion detail={detail} now={now()} />
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={detail.list()}>
        {(list) => (
          <KeyActionDialogs
            dialogs={dialogs}
            list={list()}
            now={now()}
            onChanged={detail.refetch}
            onDeleted={() => navigate('/provider-keys')}
          />
        )}
      </Show>
    </div>
  );
}

export function ProviderKeyPage(): JSX.Element {
  return (
    <OperatorsOnly>
      <KeyPage />
    </OperatorsOnly>
  );
}
