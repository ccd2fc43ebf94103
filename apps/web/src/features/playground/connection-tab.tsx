import type { ConnectionStats } from '@ephemera/realtime-client';
import Network from 'lucide-solid/icons/network';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { IdChip } from '../../ui/id-chip.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { PathPicture } from '../call-facts/path-picture.tsx';
import type { Call } from './call.ts';
import type { IcePolicy } from './playground-config.ts';

function Line(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="flex min-h-9 items-center justify-between gap-4 border-t border-border py-1.5 first:border-t-0">
      <dt class="text-table text-text-2">{props.label}</dt>
      <dd class="min-w-0 text-end font-mono text-caption figures">{props.children}</dd>
    </div>
  );
}

/** Share of packets that never arrived; `null` before any was expected. */
export function findLoss(stats: { packetsReceived: number; packetsLost: number }): number | null {
  const expected = stats.packetsReceived + stats.packetsLost;
  return expected > 0 ? Math.max(0, stats.packetsLost) / expected : null;
}

function Quality(props: { stats: ConnectionStats | null }): JSX.Element {
  const { t, format } = useI18n();
  const ms = (value: number | null | undefined) =>
    value === null || value === undefined ? '—' : format().milliseconds(value);
  const loss = () => {
    const ratio = props.stats === null ? null : findLoss(props.stats);
    return ratio === null ? '—' : format().percent(ratio);
  };
  return (
    <>
      <Line label={t('conn.rtt')}>{ms(props.stats?.roundTripMs)}</Line>
      <Line label={t('conn.jitter')}>{ms(props.stats?.jitterMs)}</Line>
      <Line label={t('conn.loss')}>{loss()}</Line>
      <Line label={t('conn.packets')}>{format().integer(props.stats?.packetsReceived ?? 0)}</Line>
    </>
  );
}

export function ConnectionTab(props: { call: Call; icePolicy: IcePolicy }): JSX.Element {
  const { t } = useI18n();
  const stats = () => props.call.metrics().stats;
  const connected = () => {
    const state = props.call.state();
    return state.status === 'connected' ? state : null;
  };
  const secret = () => {
    const state = props.call.state();
    return state.status === 'idle' ? null : state.secret;
  };
  const pair = () => connected()?.icePair ?? stats()?.icePair ?? null;
  return (
    <Show
      when={secret()}
      fallback={
        <EmptyState
          isCompact
          icon={<Network aria-hidden="true" />}
          title={t('conn.empty')}
          text={t('conn.emptyText')}
        />
      }
    >
      {(facts) => (
        <div class="flex flex-col gap-4" data-testid="connection">
          <section class="flex flex-col gap-2">
            <h3 class="text-table font-medium">{t('conn.pair')}</h3>
            <PathPicture pair={pair()} />
          </section>
          <dl class="flex flex-col">
            <Line label={t('conn.policy')}>
              {t(props.icePolicy === 'relay' ? 'config.path.relay' : 'config.path.all')}
            </Line>
            <Quality stats={stats()} />
            <Line label={t('conn.sessionId')}>
              <IdChip id={facts().sessionId} what={t('conn.sessionId')} />
            </Line>
            <Show when={connected()?.callId}>
              {(callId) => (
                <Line label={t('conn.callId')}>
                  <IdChip id={callId()} what={t('conn.callId')} />
                </Line>
              )}
            </Show>
          </dl>
        </div>
      )}
    </Show>
  );
}
