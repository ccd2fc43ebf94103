import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useCan } from '../shell/viewer.ts';
import { toUserHref } from '../users/user-href.ts';
import { CostSourceBadge } from './cost-table.tsx';
import { isOpenState } from './outcome.ts';
import { CostCell, DurationCell, OutcomeCell, TimeLeft } from './session-cells.tsx';
import { useSessionText } from './session-text.ts';
import type { SessionDetail } from './session-types.ts';

type PartProps = { session: SessionDetail; now: number };

const LINK = 'text-accent underline underline-offset-2';

function Moment(props: { at: string | null }): JSX.Element {
  const { format } = useSessionText();
  return (
    <Show when={props.at} fallback={<Nothing />}>
      {(at) => <time datetime={at()}>{format().dateTime(new Date(at()))}</time>}
    </Show>
  );
}

function Who(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  const can = useCan();
  const name = () => props.session.userName ?? props.session.userId;
  return (
    <>
      <Fact label={t('detail.user')}>
        <Show when={can('users:read')} fallback={name()}>
          <A href={toUserHref(props.session.userId)} class={LINK}>
            {name()}
          </A>
        </Show>
      </Fact>
      <Show when={props.session.accessKeyId}>
        {(id) => (
          <Fact label={t('detail.accessKey')}>
            <Show
              when={can('access-keys:read')}
              fallback={<span class="font-mono text-table">{truncateMiddle(id())}</span>}
            >
              <A href={`/access-keys/${id()}`} title={id()} class={`font-mono text-table ${LINK}`}>
                {truncateMiddle(id())}
              </A>
            </Show>
          </Fact>
        )}
      </Show>
    </>
  );
}

function What(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  return (
    <>
      <Fact label={t('detail.kind')}>{t(`detail.kind.${props.session.kind}`)}</Fact>
      <Fact label={t('detail.model')}>
        <span class="font-mono text-table">{props.session.model ?? '—'}</span>
      </Fact>
      <Fact label={t('detail.voice')}>{props.session.voice ?? <Nothing />}</Fact>
      <Fact label={t('detail.transport')}>
        <Show when={props.session.transport} fallback={<Nothing />}>
          {(transport) => t(`transport.${transport()}`)}
        </Show>
      </Fact>
    </>
  );
}

function HowLong(props: PartProps): JSX.Element {
  const { t, format } = useSessionText();
  return (
    <>
      <Fact label={t('detail.duration')}>
        <DurationCell session={props.session} now={props.now} />
        <TimeLeft session={props.session} now={props.now} />
      </Fact>
      <Fact label={t('detail.limit')}>
        <Show when={props.session.limitSeconds !== null} fallback={<Nothing />}>
          {format().duration(props.session.limitSeconds ?? 0)}
        </Show>
      </Fact>
      <Show when={isOpenState(props.session.state)}>
        <Fact label={t('detail.deadline')}>
          <Moment at={props.session.deadlineAt} />
        </Fact>
      </Show>
      <Fact label={t('detail.lastSeen')}>
        <Show when={props.session.lastSeenAt} fallback={<Nothing />}>
          {(at) => <RelativeTime at={at()} now={props.now} />}
        </Show>
      </Fact>
      <Fact label={t('detail.expiresAt')}>
        <Moment at={props.session.expiresAt} />
      </Fact>
    </>
  );
}

/** Who, with what, how long, for how much, and why it ended. */
export function Facts(props: PartProps): JSX.Element {
  const { t, format } = useSessionText();
  return (
    <section class="card p-4 sm:p-5" aria-label={t('detail.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        <Who session={props.session} />
        <What session={props.session} />
        <HowLong {...props} />
        <Fact label={t('detail.messages')}>
          <Show when={props.session.messageCount !== null} fallback={<Nothing />}>
            <span class="font-mono figures">{format().integer(props.session.messageCount ?? 0)}</span>
          </Show>
        </Fact>
        <Fact label={t('detail.cost')}>
          <span class="flex flex-wrap items-center gap-2">
            <CostCell session={props.session} />
            <CostSourceBadge source={props.session.costMicroUsd === null ? null : props.session.costSource} />
          </span>
        </Fact>
        <Fact label={t('detail.reason')}>
          <OutcomeCell session={props.session} now={props.now} />
        </Fact>
      </dl>
    </section>
  );
}
