import { useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import { createMemo, Match, Show, Switch } from 'solid-js';
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
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { createKeyDialogs, KeyActionDialogs } from './dialogs.tsx';
import type { KeyDialogs } from './dialogs.tsx';
import { listActions } from './key-actions.ts';
import { KeyShape } from './key-cells.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { KeyEvents } from './key-events.tsx';
import { FormerSecrets, KeyFacts, KeyRestrictions } from './key-facts.tsx';
import { createKeysQuery } from './key-list.ts';
import { KeyMenu } from './key-menu.tsx';
import { findState } from './key-state.ts';
import { KeyTextProvider, useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

const POLL_MS = 5_000;

function createDetail(id: () => string) {
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.accessKeys.get.queryOptions({ id: id() }),
    refetchInterval: POLL_MS,
  }));
  const all = createKeysQuery();
  return {
    query,
    key: () => findData(query)?.key,
    list: all.data,
    formers: () => all.data()?.items.filter(({ replacedBy }) => replacedBy === id()) ?? [],
    refetch: (): void => {
      void query.refetch();
      all.refetch();
    },
  };
}

type Detail = ReturnType<typeof createDetail>;

/** The one that is used most as a button, the others behind one. */
function Actions(props: { summary: KeySummary; dialogs: KeyDialogs; now: number }): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  const state = createMemo(() => findState(props.summary, props.now));
  const rotate = () =>
    listActions({ ...props.summary, state: state() }, can('tokens:mint-for')).find(
      ({ action }) => action === 'rotate',
    );
  const blockedBy = () => rotate()?.blockedBy ?? null;
  const title = () => {
    const reason = blockedBy();
    return reason === null ? undefined : t(reason);
  };
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Show when={can('access-keys:write') && rotate() !== undefined}>
        <Button
          variant="primary"
          disabled={blockedBy() !== null}
          title={title()}
          onClick={() => props.dialogs.show(props.summary, 'rotate')}
        >
          <RotateCcwKey aria-hidden="true" class="size-4" />
          {t('action.rotate')}
        </Button>
      </Show>
      <KeyMenu
        summary={props.summary}
        now={props.now}
        except={['rotate']}
        hasWord
        onChoose={(action) => props.dialogs.show(props.summary, action)}
      />
    </div>
  );
}

function Body(props: { summary: KeySummary; formers: readonly KeySummary[]; now: number }): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  return (
    <>
      <KeyFacts summary={props.summary} now={props.now} />
      <div class="grid items-start gap-4 md:grid-cols-2">
        <div class="flex flex-col gap-4">
          <Panel title={t('detail.restrictions')}>
            <KeyRestrictions summary={props.summary} />
          </Panel>
          <Panel title={t('detail.formers')}>
            <FormerSecrets formers={props.formers} now={props.now} />
          </Panel>
        </div>
        <Show when={can('audit:read')}>
          <Panel title={t('events.title')}>
            <KeyEvents id={props.summary.id} />
          </Panel>
        </Show>
      </div>
    </>
  );
}

function DetailRegion(props: { detail: Detail; now: number }): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const error = () => toUiError(props.detail.query.error, i18n.t);
  return (
    <Switch>
      <Match when={props.detail.key()}>
        {(key) => (
          <div
            class={`flex flex-col gap-4 transition-opacity ${props.detail.query.isError ? 'opacity-60' : ''}`}
          >
            <Body summary={key()} formers={props.detail.formers()} now={props.now} />
          </div>
        )}
      </Match>
      <Match when={props.detail.query.isError}>
        <DetailFailure
          error={error()}
          isMissing={error().code === 'not_found' || error().code === 'invalid_request'}
          backHref="/access-keys"
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
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => params.id);
  const dialogs = createKeyDialogs(detail.refetch);
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={detail.key()?.name ?? t('detail.title')}
        documentTitle={t('detail.title')}
        before={<BackLink href="/access-keys">{t('detail.back')}</BackLink>}
        after={<Show when={detail.key()}>{(key) => <KeyShape summary={key()} />}</Show>}
      >
        <Show when={detail.key()}>{(key) => <Actions summary={key()} dialogs={dialogs} now={now()} />}</Show>
      </PageHeader>
      <Show when={dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
      <Show when={detail.query.isError && detail.key() !== undefined}>
        <StaleNotice onRetry={detail.refetch} />
      </Show>
      <DetailRegion detail={detail} now={now()} />
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={detail.list()}>
        {(list) => (
          <KeyActionDialogs dialogs={dialogs} list={list()} now={now()} onChanged={detail.refetch} />
        )}
      </Show>
    </div>
  );
}

export function AccessKeyPage(): JSX.Element {
  return (
    <OperatorsOnly scope="access-keys:read">
      <KeyTextProvider>
        <KeyPage />
      </KeyTextProvider>
    </OperatorsOnly>
  );
}
