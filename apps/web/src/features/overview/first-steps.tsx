import { A } from '@solidjs/router';
import Check from 'lucide-solid/icons/check';
import { Index, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { buttonClass } from '../../ui/button.tsx';
import { CodeLine } from '../../ui/code-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useCan } from '../shell/viewer.ts';
import { listSteps, writeMintCommand } from './overview-figures.ts';
import type { StepName } from './overview-figures.ts';
import { useOverviewText } from './overview-text.ts';
import type { Steps } from './overview-types.ts';

const TARGETS: Readonly<Record<StepName, string>> = {
  key: '/provider-keys',
  mint: '/access-keys',
  call: '/playground',
};

function Tick(props: { number: number; isDone: boolean }): JSX.Element {
  const { t } = useOverviewText();
  return (
    <span
      class={`grid size-7 shrink-0 place-items-center rounded-full text-table font-semibold [&_svg]:size-4 ${props.isDone ? 'bg-success-soft text-success' : 'bg-muted text-text-2'}`}
    >
      <Switch>
        <Match when={props.isDone}>
          <Check aria-hidden="true" />
        </Match>
        <Match when={!props.isDone}>
          <span aria-hidden="true">{props.number}</span>
        </Match>
      </Switch>
      <span class="sr-only">{t(props.isDone ? 'steps.done' : 'steps.open')}</span>
    </span>
  );
}

function Step(props: { name: StepName; number: number; isDone: boolean; isNext: boolean }): JSX.Element {
  const { t } = useOverviewText();
  return (
    <li
      data-step={props.name}
      class="flex gap-3 border-t border-border py-4 first:border-t-0 first:pt-0 last:pb-0"
    >
      <Tick number={props.number} isDone={props.isDone} />
      <div class="flex min-w-0 flex-1 flex-col items-start gap-2">
        <div>
          <h3 class={`text-body font-semibold ${props.isDone ? 'text-text-2' : ''}`}>
            {t(`steps.${props.name}`)}
          </h3>
          <Show when={!props.isDone}>
            <p class="text-table text-text-2">{t(`steps.${props.name}Text`)}</p>
          </Show>
        </div>
        <Show when={!props.isDone}>
          <Show when={props.name === 'mint'}>
            <div class="w-full">
              <CodeLine code={writeMintCommand(location.origin)} copyLabel={t('steps.copy')} />
            </div>
          </Show>
          <A
            href={TARGETS[props.name]}
            class={buttonClass(props.isNext ? 'primary' : 'secondary', 'compact')}
          >
            {t(`steps.${props.name}Action`)}
          </A>
        </Show>
      </div>
    </li>
  );
}

/** The way from nothing to a call. Each step ticks itself off when it has been taken; with the last one it is gone. */
export function FirstSteps(props: { steps: Steps }): JSX.Element {
  const { t } = useOverviewText();
  const can = useCan();
  const steps = () => listSteps(props.steps);
  const done = () => steps().filter(({ isDone }) => isDone).length;
  const next = () => steps().find(({ isDone }) => !isDone)?.name;
  return (
    <Show when={next() !== undefined}>
      <Panel
        title={t('steps.title')}
        aside={
          <div class="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Show when={can('keys:write')}>
              <A href="/welcome" class="text-table font-medium text-accent">
                {t('steps.guide')}
              </A>
            </Show>
            <p role="status" class="text-table text-text-2 figures">
              {t('steps.progress', { done: done(), all: steps().length })}
            </p>
          </div>
        }
      >
        <ol class="flex flex-col">
          <Index each={steps()}>
            {(step, index) => (
              <Step
                name={step().name}
                number={index + 1}
                isDone={step().isDone}
                isNext={step().name === next()}
              />
            )}
          </Index>
        </ol>
      </Panel>
    </Show>
  );
}
