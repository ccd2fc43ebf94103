import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogBody, DialogFooter } from './dialog.tsx';
import { TextField } from './field.tsx';

/** A name is typed back as it reads: spaces around it do not matter to a person, its letters do. */
export function isNameTyped(typed: string, name: string): boolean {
  return typed.trim() === name.trim();
}

type TypedConfirmProps = {
  title: string;
  /** What has to be typed. */
  name: string;
  submitLabel: string;
  /** For what cannot be undone. */
  isDanger?: boolean;
  isBusy: boolean;
  /** What it will do, above the field. */
  children: JSX.Element;
  /** What became of it, below the field. */
  failure: JSX.Element;
  onConfirm: () => void;
  onClose: () => void;
};

/** What takes something from someone asks for its name: the wrong row is one click away. */
export function TypedConfirm(props: TypedConfirmProps): JSX.Element {
  const { t } = useI18n();
  const [typed, setTyped] = createSignal('');
  const isReady = () => isNameTyped(typed(), props.name) && !props.isBusy;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (isReady()) props.onConfirm();
  }
  return (
    <Dialog title={props.title} isBusy={props.isBusy} onClose={props.onClose}>
      <form class="flex min-h-0 flex-col" autocomplete="off" onSubmit={submit}>
        <DialogBody>
          {props.children}
          <TextField
            id="confirm-name"
            label={t('confirm.type', { name: props.name })}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            autofocus
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          {props.failure}
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={props.isBusy} onClick={() => props.onClose()}>
            {t('action.cancel')}
          </Button>
          <Button
            type="submit"
            variant={props.isDanger === true ? 'danger' : 'primary'}
            disabled={!isReady()}
          >
            {props.submitLabel}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
