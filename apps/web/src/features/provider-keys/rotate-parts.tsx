import { A } from '@solidjs/router';
import CircleCheck from 'lucide-solid/icons/circle-check';
import Info from 'lucide-solid/icons/info';
import { createEffect, For, on, onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { formatMoment } from '../../i18n/moment.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fact } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { LastFour } from './key-cells.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary, ProviderChoice, RotatedKey } from './key-types.ts';
import { findDrainTime, OVERLAPS, ROTATE_STEPS } from './rotate-steps.ts';
import type { RotateStep } from './rotate-steps.ts';
import type { RotationForm } from './rotation-form.ts';
import { SecretField } from './secret-field.tsx';
import { TestOutcome } from './test-outcome.tsx';

/** Where one is. The heading takes the focus at each step, so that a screen reader tells it. */
export function RotateProgress(props: { step: RotateStep }): JSX.Element {
  const { t } = useKeyText();
  const index = () => ROTATE_STEPS.indexOf(props.step);
  let heading: HTMLElement | undefined;
  createEffect(
    on(
      () => props.step,
      (step) => {
        if (step !== 'key') heading?.focus();
      },
      { defer: true },
    ),
  );
  return (
    <div class="flex flex-col gap-2">
      <div class="grid grid-cols-4 gap-1.5" aria-hidden="true">
        <For each={ROTATE_STEPS}>
          {(_, at) => <span class={`h-1 rounded-full ${at() <= index() ? 'bg-accent' : 'bg-muted'}`} />}
        </For>
      </div>
      <p ref={(element) => (heading = element)} tabindex="-1" class="text-table font-medium text-text-2">
        {t('rotate.step', {
          step: index() + 1,
          total: ROTATE_STEPS.length,
          name: t(`rotate.step.${props.step}`),
        })}
      </p>
    </div>
  );
}

type StepProps = { form: RotationForm; summary: KeySummary; provider: ProviderChoice; now: number };

function KeyStep(props: StepProps): JSX.Element {
  const { t } = useKeyText();
  const error = () => {
    const message = props.form.inputs.problem();
    return message === null ? null : t(message);
  };
  return (
    <>
      <p class="text-body text-text-2">{t('rotate.keyLead', { provider: props.provider.name })}</p>
      <SecretField
        id="rotate-key"
        shape={props.provider.keyHint}
        error={error()}
        onInput={(key) => props.form.setKey(key)}
      />
      <TextField
        id="rotate-name"
        label={t('field.name')}
        hint={t('rotate.nameHint')}
        maxlength="80"
        autocomplete="off"
        placeholder={props.summary.name}
        onInput={(event) => props.form.inputs.setName(event.currentTarget.value)}
      />
    </>
  );
}

function TestStep(props: StepProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show
      when={props.provider.canTest}
      fallback={
        <p class="text-body text-text-2">{t('test.untestable', { provider: props.provider.name })}</p>
      }
    >
      <p class="text-body text-text-2">{t('rotate.testLead')}</p>
      <TestOutcome state={props.form.test.state()} />
      <div>
        <Button
          size="compact"
          disabled={props.form.test.state().status === 'running'}
          onClick={() => void props.form.runTest()}
        >
          {t('test.again')}
        </Button>
      </div>
    </Show>
  );
}

function OverlapStep(props: StepProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="mb-3 text-body text-text-2">{t('rotate.overlapLead')}</legend>
      <For each={OVERLAPS}>
        {(seconds) => (
          <label class="flex cursor-pointer items-start gap-3 rounded-control border border-border px-3 py-2.5 hover:bg-surface has-checked:border-accent has-checked:bg-accent-soft">
            <input
              type="radio"
              name="overlap"
              class="mt-0.5 size-4 accent-accent"
              checked={props.form.rotation().overlapSeconds === seconds}
              onChange={() => props.form.dispatch({ type: 'overlap_chosen', seconds })}
            />
            <span class="min-w-0">
              <span class="block text-body font-medium">{t(`overlap.${seconds}`)}</span>
              <span class="block text-table text-text-2">{t(`overlap.hint.${seconds}`)}</span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}

/** How many calls still run on the old key; it counts down while one looks. */
function TiedSessions(props: { count: number }): JSX.Element {
  const { t, plural } = useKeyText();
  return (
    <Notice tone="accent" icon={<Info aria-hidden="true" />}>
      <p>{props.count === 0 ? t('summary.noSessions') : plural('summary.sessions', props.count)}</p>
      <p>{t('summary.revoke')}</p>
    </Notice>
  );
}

function SummaryStep(props: StepProps): JSX.Element {
  const { t, format } = useKeyText();
  const drain = () => {
    const at = findDrainTime(props.form.rotation().overlapSeconds, props.now);
    return at === null
      ? t('summary.now')
      : t('summary.later', { time: formatMoment(new Date(at), new Date(props.now), format()) });
  };
  const tested = () => {
    const { test } = props.form.rotation();
    return t(test === null ? 'summary.untested' : test.ok ? 'summary.tested' : 'summary.failedTest');
  };
  const newName = () =>
    props.form.inputs.name().trim() === '' ? props.summary.name : props.form.inputs.name().trim();
  return (
    <>
      <dl class="grid gap-4 sm:grid-cols-2">
        <Fact label={t('summary.new')}>
          <span class="font-medium">{newName()}</span> <LastFour digits={props.form.inputs.lastFour()} />
          <span class="block text-table text-text-2">{tested()}</span>
        </Fact>
        <Fact label={t('summary.old')}>
          <span class="font-medium">{props.summary.name}</span> <LastFour digits={props.summary.lastFour} />
          <span class="block text-table text-text-2 figures">{drain()}</span>
        </Fact>
      </dl>
      <TiedSessions count={props.summary.openSessions} />
    </>
  );
}

/** The key's field stays mounted under every step: going back finds it as it was. */
export function RotateStepView(props: StepProps): JSX.Element {
  const step = () => props.form.rotation().step;
  return (
    <>
      <div class={step() === 'key' ? 'flex flex-col gap-4' : 'hidden'}>
        <KeyStep {...props} />
      </div>
      <Show when={step() === 'test'}>
        <TestStep {...props} />
      </Show>
      <Show when={step() === 'overlap'}>
        <OverlapStep {...props} />
      </Show>
      <Show when={step() === 'summary'}>
        <SummaryStep {...props} />
      </Show>
    </>
  );
}

function takeFocus(element: HTMLElement): void {
  onMount(() => element.focus());
}

export function RotateDone(props: {
  answer: RotatedKey | null;
  /** The old key as it is now, refreshed while the dialog is open. */
  summary: KeySummary;
  now: number;
  onClose: () => void;
}): JSX.Element {
  const { t, format } = useKeyText();
  const drainText = (old: KeySummary) =>
    old.drainAt === null || Date.parse(old.drainAt) <= props.now
      ? t('rotate.doneNow')
      : t('rotate.doneLater', {
          time: formatMoment(new Date(old.drainAt), new Date(props.now), format()),
        });
  return (
    <Show when={props.answer}>
      {(answer) => (
        <>
          <DialogBody class="sm:min-h-64">
            <div ref={takeFocus} tabindex="-1" class="flex items-start gap-3">
              <span class="grid size-9 shrink-0 place-items-center rounded-full bg-success-soft text-success">
                <CircleCheck aria-hidden="true" class="size-5" />
              </span>
              <div>
                <p class="text-body font-semibold">{t('rotate.doneTitle')}</p>
                <p class="text-body text-text-2">
                  {answer().key.name} <LastFour digits={answer().key.lastFour} />
                </p>
              </div>
            </div>
            <p class="text-body text-text-2 figures">{drainText(answer().old)}</p>
            <TiedSessions count={props.summary.openSessions} />
            <p class="text-body text-text-2">{t('rotate.doneDelete')}</p>
          </DialogBody>
          <DialogFooter>
            <A href={`/provider-keys/${answer().old.id}`} class={buttonClass('secondary')}>
              {t('rotate.openOld')}
            </A>
            <Button variant="primary" onClick={() => props.onClose()}>
              {t('rotate.finish')}
            </Button>
          </DialogFooter>
        </>
      )}
    </Show>
  );
}
