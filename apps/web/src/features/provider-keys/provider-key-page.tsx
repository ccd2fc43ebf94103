import { useNavigate, useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import PlugZap from 'lucide-solid/icons/plug-zap';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import Server from 'lucide-solid/icons/server';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Button } from '../../ui/button.tsx';
import { DetailFailure } from '../../ui/detail-failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Notice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
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
import { KeyTextProvider, useKeyText } from './key-text.ts';
import type { KeyDetail, KeyList, KeySummary } from './key-types.ts';
import { UsagePanel } from './usage-panel.tsx';

const POLL_MS = 5_000;

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
  const { t } = useKeyText();
  const i18n = useI18n();
  const error = () => toUiError(props.detail.query.error, i18n.t);
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
        <DetailFailure
          error={error()}
          isMissing={error().code === 'not_found'}
          backHref="/provider-keys"
          backLabel={t('detail.back')}
          onRetry={props.detail.refetch}
        />
      </Match>
      <Match when={props.detail.query.isPending}>
        <Loading>
          <Skeleton class="h-36 w-full" />
          <Skeleton class="h-64 w-full" />
        </Loading>
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
        before={<BackLink href="/provider-keys">{t('detail.back')}</BackLink>}
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
    <OperatorsOnly scope="keys:read">
      <KeyTextProvider>
        <KeyPage />
      </KeyTextProvider>
    </OperatorsOnly>
  );
}
