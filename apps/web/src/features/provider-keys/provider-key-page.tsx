import { useNavigate, useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import PlugZap from 'lucide-solid/icons/plug-zap';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import Server from 'lucide-solid/icons/server';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findDetailFailure } from '../../api/detail-failure.ts';
import { findData } from '../../api/find-data.ts';
import { useI18n } from '../../i18n/context.tsx';
import { BlockableButton } from '../../ui/blockable-button.tsx';
import { DetailPage, LoadingDetail } from '../../ui/detail-page.tsx';
import { createNow } from '../../ui/now.ts';
import { Panel } from '../../ui/panel.tsx';
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
    const blockedBy = found?.blockedBy ?? null;
    return blockedBy === null ? null : t(blockedBy);
  };
  return (
    <div class="flex flex-wrap items-center gap-2">
      <BlockableButton
        icon={<PlugZap aria-hidden="true" class="size-4" />}
        label={t('action.test')}
        blockedBy={blockOf('test')}
        onClick={() => props.dialogs.show(props.summary, 'test')}
      />
      <BlockableButton
        variant="primary"
        icon={<RotateCcwKey aria-hidden="true" class="size-4" />}
        label={t('action.rotate')}
        blockedBy={blockOf('rotate')}
        onClick={() => props.dialogs.show(props.summary, 'rotate')}
      />
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
      <div class="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
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

function KeyPage(): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const now = createNow();
  const navigate = useNavigate();
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => params.id);
  const dialogs = createKeyDialogs(detail.refetch);
  return (
    <>
      <DetailPage
        title={t('detail.title')}
        name={detail.data()?.key.name}
        backHref="/provider-keys"
        backLabel={t('detail.back')}
        data={detail.data()}
        failure={findDetailFailure(detail.query, i18n.t)}
        onRetry={detail.refetch}
        after={(data) => (
          <p class="text-body text-text-2">
            {data().key.providerName} · <LastFour digits={data().key.lastFour} />
          </p>
        )}
        actions={(data) => (
          <Show when={detail.list()}>
            {(list) => <Actions summary={data().key} list={list()} dialogs={dialogs} />}
          </Show>
        )}
        notice={
          <Show when={dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
        }
        loading={<LoadingDetail />}
      >
        {(data) => <Body detail={data()} keys={detail.list()?.items ?? []} now={now()} />}
      </DetailPage>
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
    </>
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
