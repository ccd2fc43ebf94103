import Gauge from 'lucide-solid/icons/gauge';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StepBars } from '../call-facts/step-bars.tsx';
import type { Call } from './call.ts';
import { findMedian, findSlowest } from './turn-times.ts';

function Figure(props: { label: string; ms: number | null }): JSX.Element {
  const { format } = useI18n();
  return (
    <div class="flex flex-col rounded-control bg-surface px-3 py-2">
      <dt class="text-caption text-text-2">{props.label}</dt>
      <dd class="font-mono text-body font-medium figures">
        <Show when={props.ms !== null} fallback="—">
          {format().milliseconds(props.ms ?? 0)}
        </Show>
      </dd>
    </div>
  );
}

function Turns(props: { turns: readonly number[] }): JSX.Element {
  const { t, format } = useI18n();
  const slowest = () => Math.max(1, findSlowest(props.turns) ?? 1);
  return (
    <ol class="flex flex-col gap-2">
      <For each={props.turns}>
        {(ms, index) => (
          <li class="grid grid-cols-[64px_1fr_64px] items-center gap-2 text-table">
            <span class="text-text-2">{t('latency.turn', { number: index() + 1 })}</span>
            <svg
              class="h-1.5 w-full overflow-hidden rounded-full bg-muted"
              viewBox="0 0 100 6"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect class="fill-chart-3" width={(ms / slowest()) * 100} height="6" />
            </svg>
            <span class="text-end font-mono text-caption figures">{format().milliseconds(ms)}</span>
          </li>
        )}
      </For>
    </ol>
  );
}

export function LatencyTab(props: { call: Call }): JSX.Element {
  const { t } = useI18n();
  const steps = () => {
    const state = props.call.state();
    return state.status === 'idle' ? [] : state.steps;
  };
  const turns = () => props.call.metrics().turns;
  return (
    <Show
      when={steps().length > 0}
      fallback={
        <EmptyState
          isCompact
          icon={<Gauge aria-hidden="true" />}
          title={t('latency.empty')}
          text={t('latency.emptyText')}
        />
      }
    >
      <div class="flex flex-col gap-5" data-testid="latency">
        <section class="flex flex-col gap-3">
          <h3 class="text-table font-medium">{t('latency.steps')}</h3>
          <StepBars steps={steps()} label={t('latency.steps')} />
        </section>
        <section class="flex flex-col gap-3">
          <h3 class="text-table font-medium">{t('latency.turns')}</h3>
          <dl class="grid grid-cols-3 gap-2">
            <Figure label={t('latency.firstAudio')} ms={props.call.metrics().firstAudioMs} />
            <Figure label={t('latency.median')} ms={findMedian(turns())} />
            <Figure label={t('latency.slowest')} ms={findSlowest(turns())} />
          </dl>
          <Show
            when={turns().length > 0}
            fallback={<p class="text-table text-text-2">{t('latency.noTurns')}</p>}
          >
            <Turns turns={turns()} />
          </Show>
        </section>
      </div>
    </Show>
  );
}
