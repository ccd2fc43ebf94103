import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogBody, DialogFooter } from './dialog.tsx';

/** A dialog with one form, one way out and one way on. */
export function FormDialog(props: {
  title: string;
  lead?: string | undefined;
  submitLabel: string;
  submittingLabel?: string;
  isBusy: boolean;
  isDanger?: boolean;
  /** Nothing of it is for the browser to fill in. */
  autocomplete?: 'off';
  onSubmit: (form: HTMLFormElement) => void;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  const i18n = useI18n();
  function handleSubmit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    if (!props.isBusy) props.onSubmit(event.currentTarget);
  }
  return (
    <Dialog title={props.title} lead={props.lead} isBusy={props.isBusy} onClose={props.onClose}>
      <form
        class="flex min-h-0 flex-col"
        novalidate
        autocomplete={props.autocomplete}
        onSubmit={handleSubmit}
      >
        <DialogBody>{props.children}</DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={props.isBusy} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button
            type="submit"
            variant={props.isDanger === true ? 'danger' : 'primary'}
            disabled={props.isBusy}
          >
            <Show when={props.isBusy} fallback={props.submitLabel}>
              <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
              {props.submittingLabel ?? props.submitLabel}
            </Show>
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
