import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { findOutcome } from './outcome.ts';
import { DurationCell } from './session-cells.tsx';
import type { SessionDetail } from './session-types.ts';

/** Who, with what, how long, and why it ended. */
export function Facts(props: { session: SessionDetail; now: number }): JSX.Element {
  const { t, format } = useI18n();
  const outcome = () => findOutcome(props.session, props.now);
  const expiry = () => props.session.expiresAt;
  return (
    <section class="card p-4 sm:p-5" aria-label={t('detail.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        <Fact label={t('detail.user')}>{props.session.userName ?? <Nothing />}</Fact>
        <Fact label={t('detail.kind')}>{t(`detail.kind.${props.session.kind}`)}</Fact>
        <Fact label={t('detail.model')}>
          <span class="font-mono text-table">{props.session.model ?? '—'}</span>
        </Fact>
        <Fact label={t('detail.voice')}>{props.session.voice ?? <Nothing />}</Fact>
        <Fact label={t('detail.duration')}>
          <DurationCell session={props.session} now={props.now} />
        </Fact>
        <Fact label={t('detail.messages')}>
          <Show when={props.session.messageCount !== null} fallback={<Nothing />}>
            <span class="font-mono figures">{format().integer(props.session.messageCount ?? 0)}</span>
          </Show>
        </Fact>
        <Fact label={t('detail.expiresAt')}>
          <Show when={expiry()} fallback={<Nothing />}>
            {(at) => <time datetime={at()}>{format().dateTime(new Date(at()))}</time>}
          </Show>
        </Fact>
        <Fact label={t('detail.reason')}>
          <Show when={outcome()} fallback={<Nothing />}>
            {(found) => t(found().key, found().values)}
          </Show>
        </Fact>
      </dl>
    </section>
  );
}
