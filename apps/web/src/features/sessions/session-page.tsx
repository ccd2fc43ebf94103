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
import { DetailFailure } from '../../ui/detail-failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Notice } from '../../ui/states.tsx';
import { PathPicture } from '../call-facts/path-picture.tsx';
import { StepBars } from '../call-facts/step-bars.tsx';
import { Attempts, Ids, Timeline, UsageTable } from './detail-parts.tsx';
import { Facts } from './facts.tsx';
import { isLapsed } from './outcome.ts';
import { DemoBadge, SessionBadge } from './session-badge.tsx';
import type { SessionDetail } from './session-types.ts';
import { parseUsage } from './usage.ts';

const POLL_MS = 5_000;

function LoadingDetail(): JSX.Element {
  return (
    <Loading>
      <Skeleton class="h-28 w-full" />
      <div class="grid gap-4 md:grid-cols-2">
        <Skeleton class="h-64" />
        <Skeleton class="h-64" />
      </div>
    </Loading>
  );
}

function Body(props: { session: SessionDetail; now: number }): JSX.Element {
  const { t, format } = useI18n();
  return (
    <>
      <Facts session={props.session} now={props.now} />
      <Show when={props.session.isDurationDisputed && props.session.reportedDurationSeconds !== null}>
        <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
          {t('detail.disputed', { reported: format().duration(props.session.reportedDurationSeconds ?? 0) })}
        </Notice>
      </Show>
      <div class="grid items-start gap-4 md:grid-cols-2">
        <div class="flex flex-col gap-4">
          <Panel title={t('detail.timeline')}>
            <Timeline session={props.session} now={props.now} />
          </Panel>
          <Panel title={t('detail.steps')}>
            <Show
              when={props.session.steps.length > 0}
              fallback={<p class="text-body text-text-2">{t('detail.noSteps')}</p>}
            >
              <StepBars steps={props.session.steps} label={t('detail.steps')} />
            </Show>
          </Panel>
          <Panel title={t('detail.attempts')}>
            <Attempts attempts={props.session.attempts} />
          </Panel>
        </div>
        <div class="flex flex-col gap-4">
          <Panel title={t('detail.path')}>
            <PathPicture pair={props.session.icePair} />
          </Panel>
          <Panel title={t('detail.usage')}>
            <UsageTable usage={parseUsage(props.session.usage)} />
          </Panel>
          <Panel title={t('detail.ids')}>
            <Ids session={props.session} />
          </Panel>
        </div>
      </div>
    </>
  );
}

export function SessionPage(): JSX.Element {
  const { t, format } = useI18n();
  const { trpc } = useApi();
  const params = useParams<{ id: string }>();
  const now = createNow();
  const isOpen = (session: SessionDetail | undefined) =>
    session !== undefined &&
    (session.state === 'connected' || session.state === 'issued') &&
    !isLapsed(session, now());
  const session = useQuery(() => ({
    ...trpc.sessions.get.queryOptions({ id: params.id }),
    refetchInterval: (query) => (isOpen(query.state.data) ? POLL_MS : false),
  }));
  const data = () => findData(session);
  const error = () => toUiError(session.error, t);
  const title = () =>
    data() === undefined ? t('detail.title') : format().dateTime(new Date(data()?.issuedAt ?? 0));
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={title()}
        documentTitle={t('detail.title')}
        before={<BackLink href="/sessions">{t('detail.back')}</BackLink>}
      >
        <Show when={data()}>
          {(shown) => (
            <div class="flex items-center gap-2">
              <Show when={shown().isDemo}>
                <DemoBadge />
              </Show>
              <SessionBadge state={shown().state} />
            </div>
          )}
        </Show>
      </PageHeader>
      <Switch>
        <Match when={data()}>{(shown) => <Body session={shown()} now={now()} />}</Match>
        <Match when={session.isError}>
          <DetailFailure
            error={error()}
            isMissing={error().code === 'not_found'}
            backHref="/sessions"
            backLabel={t('detail.back')}
            onRetry={() => void session.refetch()}
          />
        </Match>
        <Match when={session.isPending}>
          <LoadingDetail />
        </Match>
      </Switch>
    </div>
  );
}
