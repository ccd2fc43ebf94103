import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogBody, DialogFooter } from './dialog.tsx';

/** One question, for what can be made good again: no name has to be typed. */
export function ConfirmDialog(props: {
  title: string;
  submitLabel: string;
  isDanger?: boolean;
  isBusy: boolean;
  /** What it will do, and what became of it. */
  children: JSX.Element;
  onConfirm: () => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Dialog title={props.title} isBusy={props.isBusy} onClose={props.onClose}>
      <DialogBody>{props.children}</DialogBody>
      <DialogFooter>
        <Button variant="quiet" disabled={props.isBusy} onClick={() => props.onClose()}>
          {t('action.cancel')}
        </Button>
        <Button
          variant={props.isDanger === true ? 'danger' : 'primary'}
          disabled={props.isBusy}
          onClick={() => props.onConfirm()}
        >
          {props.submitLabel}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
