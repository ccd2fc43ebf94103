import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import { RotateDone, RotateProgress, RotateStepView } from './rotate-parts.tsx';
import { ROTATE_STEPS } from './rotate-steps.ts';
import { createRotation } from './rotation-form.ts';
import type { RotateDialogProps, RotationForm } from './rotation-form.ts';

function ForwardButton(props: { form: RotationForm }): JSX.Element {
  const { t } = useKeyText();
  const isSending = () => props.form.submit.state().status === 'running';
  const isTesting = () =>
    props.form.rotation().step === 'test' && props.form.test.state().status === 'running';
  const isRefused = () => props.form.rotation().step === 'test' && props.form.rotation().test?.ok === false;
  return (
    <Show
      when={props.form.rotation().step === 'summary'}
      fallback={
        <Button type="submit" variant={isRefused() ? 'secondary' : 'primary'} disabled={isTesting()}>
          {t(isRefused() ? 'rotate.anyway' : 'next')}
        </Button>
      }
    >
      <Button type="submit" variant="primary" disabled={isSending()}>
        <Show when={isSending()} fallback={t('rotate.submit')}>
          <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
          {t('rotate.submitting')}
        </Show>
      </Button>
    </Show>
  );
}

/** New key, test, overlap, summary: one decision at a time, and nothing happens before the last. */
export function RotateDialog(props: RotateDialogProps): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const form = createRotation(props);
  const isSending = () => form.submit.state().status === 'running';
  const done = () => {
    const state = form.submit.state();
    return state.status === 'done' ? state.value : null;
  };
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (form.rotation().step === 'summary') void form.finish();
    else form.next();
  }
  return (
    <Dialog
      title={t('rotate.title', { name: props.summary.name })}
      isBusy={isSending()}
      onClose={props.onClose}
    >
      <Show
        when={done() === null}
        fallback={
          <RotateDone answer={done()} summary={props.summary} now={props.now} onClose={props.onClose} />
        }
      >
        <form class="flex min-h-0 flex-col" autocomplete="off" novalidate onSubmit={handleSubmit}>
          <DialogBody class="sm:min-h-64">
            <RotateProgress step={form.rotation().step} />
            <RotateStepView form={form} summary={props.summary} provider={props.provider} now={props.now} />
            <ActionFailure state={form.submit.state()} />
          </DialogBody>
          <DialogFooter>
            <Button variant="quiet" class="me-auto" disabled={isSending()} onClick={() => props.onClose()}>
              {i18n.t('action.cancel')}
            </Button>
            <Show when={form.rotation().step !== ROTATE_STEPS[0]}>
              <Button disabled={isSending()} onClick={() => form.dispatch({ type: 'moved', by: -1 })}>
                {t('back')}
              </Button>
            </Show>
            <ForwardButton form={form} />
          </DialogFooter>
        </form>
      </Show>
    </Dialog>
  );
}
