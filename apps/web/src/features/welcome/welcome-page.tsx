import { A, useSearchParams } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { buttonClass } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { KeyStep } from './key-step.tsx';
import { LimitsStep } from './limits-step.tsx';
import { OriginsStep } from './origins-step.tsx';
import { parseStep, stepAfter, stepBefore, STEPS } from './welcome-steps.ts';
import type { WelcomeStep } from './welcome-steps.ts';
import { useWelcomeText, WelcomeTextProvider } from './welcome-text.ts';

const toAddress = (step: WelcomeStep): string => `/welcome?step=${step}`;

/**
 * Every step is a place of its own: it can be skipped, left and come back to. Plain links, since the router's own take all
 * addresses of one path for the page that is open.
 */
function StepLinks(props: { current: WelcomeStep }): JSX.Element {
  const { t } = useWelcomeText();
  return (
    <nav aria-label={t('steps')}>
      <ol class="grid grid-cols-2 gap-2 sm:grid-cols-4">
        <For each={STEPS}>
          {(step, index) => (
            <li class="min-w-0">
              <a
                href={toAddress(step)}
                aria-current={step === props.current ? 'step' : undefined}
                class={`flex min-h-11 items-center gap-2 rounded-control border px-3 text-table font-medium no-underline ${step === props.current ? 'border-accent text-accent' : 'border-border text-text-2'}`}
              >
                <span class="font-mono figures">{index() + 1}</span>
                {t(`step.${step}`)}
              </a>
            </li>
          )}
        </For>
      </ol>
    </nav>
  );
}

function TalkStep(): JSX.Element {
  const { t } = useWelcomeText();
  return (
    <>
      <p class="text-body text-text-2">{t('talk.text')}</p>
      <A href="/playground" class={`${buttonClass('primary')} self-start`}>
        {t('talk.open')}
      </A>
    </>
  );
}

function Ways(props: { step: WelcomeStep }): JSX.Element {
  const { t } = useWelcomeText();
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Show when={stepBefore(props.step)}>
        {(before) => (
          <A href={toAddress(before())} class={buttonClass('secondary')}>
            {t('back')}
          </A>
        )}
      </Show>
      <Show
        when={stepAfter(props.step)}
        fallback={
          <A href="/" class={buttonClass('secondary')}>
            {t('overview')}
          </A>
        }
      >
        {(after) => (
          <A href={toAddress(after())} class={buttonClass('secondary')}>
            {t('next')}
          </A>
        )}
      </Show>
    </div>
  );
}

function Content(): JSX.Element {
  const { t } = useWelcomeText();
  const [search, setSearch] = useSearchParams<{ step?: string }>();
  const step = () => parseStep(search.step);
  return (
    <div class="flex max-w-3xl flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')} />
      <StepLinks current={step()} />
      <Panel title={t(`step.${step()}`)}>
        <Switch>
          <Match when={step() === 'key'}>
            <KeyStep />
          </Match>
          <Match when={step() === 'origins'}>
            <OriginsStep />
          </Match>
          <Match when={step() === 'limits'}>
            <LimitsStep onSaved={() => setSearch({ step: 'talk' })} />
          </Match>
          <Match when={step() === 'talk'}>
            <TalkStep />
          </Match>
        </Switch>
      </Panel>
      <Ways step={step()} />
    </div>
  );
}

/** After the first account: what a deployment needs before its first call, one thing at a time. */
export function WelcomePage(): JSX.Element {
  return (
    <OperatorsOnly scope="keys:write">
      <WelcomeTextProvider>
        <Content />
      </WelcomeTextProvider>
    </OperatorsOnly>
  );
}
