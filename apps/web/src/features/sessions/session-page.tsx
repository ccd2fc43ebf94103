import { useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DetailFailure } from '../../ui/detail-failure.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { Notice } from '../../ui/states.tsx';
import { PathPicture } from '../call-facts/path-picture.tsx';
import { StepBars } from '../call-facts/step-bars.tsx';
import { CostTable } from './cost-table.tsx';
import { Facts } from './facts.tsx';
import { Ids } from './ids.tsx';
import { isLapsed, isOpenState } from './outcome.ts';
import { DemoBadge, SessionBadge } from './session-badge.tsx';
import { SessionTextProvider, useSessionText } from './session-text.ts';
import { SessionTimeline } from './session-timeline.tsx';
import type { SessionDetail } from './session-types.ts';
import { createSupportBundle } from './support-bundle.ts';

const POLL_MS = 5_000;

function LoadingDetail(): JSX.Element {
  return (
    <Loading>
      <Skeleton class="h-28 w-full" />
      <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
        <Skeleton class="h-64" />
        <Skeleton class="h-64" />
      </div>
    </Loading>
  );
}

function Body(props: { session: SessionDetail; now: number }): JSX.Element {
  const { t, format } = useSessionText();
  return (
    <>
      <Facts session={props.session} now={props.now} />
      <Show when={props.session.isDurationDisputed && props.session.reportedDurationSeconds !== null}>
        <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
          {t('detail.disputed', { reported: format().duration(props.session.reportedDurationSeconds ?? 0) })}
        </Notice>
      </Show>
      <div class="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
        <Panel title={t('timeline')}>
          <SessionTimeline session={props.session} now={props.now} />
        </Panel>
        <div class="flex flex-col gap-4">
          <Panel title={t('costs.title')}>
            <CostTable session={props.session} />
          </Panel>
          <Panel title={t('detail.path')}>
            <PathPicture pair={props.session.icePair} />
          </Panel>
          <Panel title={t('detail.steps')}>
            <Show
              when={props.session.steps.length > 0}
              fallback={<p class="text-body text-text-2">{t('detail.noSteps')}</p>}
            >
              <StepBars steps={props.session.steps} label={t('detail.steps')} />
            </Show>
          </Panel>
          <Panel title={t('detail.ids')}>
            <Ids session={props.session} />
          </Panel>
        </div>
      </div>
    </>
  );
}

function HeaderActions(props: { session: SessionDetail; isFresh: boolean }): JSX.Element {
  const { t } = useSessionText();
  return (
    <div class="flex flex-wrap items-center gap-3">
      <Show when={isOpenState(props.session.state)}>
        <LiveMark isFresh={props.isFresh} />
      </Show>
      <Show when={props.session.isDemo}>
        <DemoBadge />
      </Show>
      <SessionBadge state={props.session.state} />
      <span title={t('detail.bundleHint')}>
        <CopyButton
          text={() => createSupportBundle(props.session, Date.now())}
          label={t('detail.bundle')}
          class="border border-control !px-2.5"
        >
          {t('detail.bundle')}
        </CopyButton>
      </span>
    </div>
  );
}

function createDetail(id: () => string, now: () => number) {
  const { trpc } = useApi();
  const isOpen = (session: SessionDetail | undefined) =>
    session !== undefined && isOpenState(session.state) && !isLapsed(session, now());
  const query = useQuery(() => ({
    ...trpc.sessions.get.queryOptions({ id: id() }),
    refetchInterval: (state) => (isOpen(state.state.data) ? POLL_MS : false),
  }));
  return { query, data: () => findData(query), retry: () => void query.refetch() };
}

function Page(): JSX.Element {
  const { t, format } = useSessionText();
  const i18n = useI18n();
  const params = useParams<{ id: string }>();
  const now = createNow();
  const detail = createDetail(() => params.id, now);
  const error = () => toUiError(detail.query.error, i18n.t);
  const title = () => {
    const data = detail.data();
    return data === undefined ? t('detail.title') : format().dateTime(new Date(data.issuedAt));
  };
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={title()}
        documentTitle={t('detail.title')}
        before={<BackLink href="/sessions">{t('detail.back')}</BackLink>}
      >
        <Show when={detail.data()}>
          {(shown) => <HeaderActions session={shown()} isFresh={!detail.query.isError} />}
        </Show>
      </PageHeader>
      <Show when={detail.query.isError && detail.data() !== undefined}>
        <StaleNotice onRetry={detail.retry} />
      </Show>
      <Switch>
        <Match when={detail.data()}>{(shown) => <Body session={shown()} now={now()} />}</Match>
        <Match when={detail.query.isError}>
          <DetailFailure
            error={error()}
            isMissing={error().code === 'not_found'}
            backHref="/sessions"
            backLabel={t('detail.back')}
            onRetry={detail.retry}
          />
        </Match>
        <Match when={detail.query.isPending}>
          <LoadingDetail />
        </Match>
      </Switch>
    </div>
  );
}

export function SessionPage(): JSX.Element {
  return (
    <SessionTextProvider>
      <Page />
    </SessionTextProvider>
  );
}
