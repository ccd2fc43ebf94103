import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import type { ActionState } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { KeyFields } from './form-fields.tsx';
import { createKeyForm } from './form-state.ts';
import type { KeyFormState } from './form-state.ts';
import { ActionFailure } from './key-error.tsx';
import { findChanges, NEW_KEY, toForm, toSettings } from './key-form.ts';
import { useKeyText } from './key-text.ts';
import type { CreatedKey, KeyList, KeySummary } from './key-types.ts';

type FormDialogProps = {
  title: string;
  lead?: string;
  submitLabel: string;
  submittingLabel: string;
  state: KeyFormState;
  request: ActionState<unknown>;
  choices: KeyList;
  now: number;
  isNew: boolean;
  onClose: () => void;
};

function FormDialog(props: FormDialogProps): JSX.Element {
  const i18n = useI18n();
  const isSending = () => props.request.status === 'running';
  function handleSubmit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    void props.state.submit(event.currentTarget);
  }
  return (
    <Dialog title={props.title} lead={props.lead} isBusy={isSending()} onClose={props.onClose}>
      <form class="flex min-h-0 flex-col" novalidate autocomplete="off" onSubmit={handleSubmit}>
        <DialogBody>
          <KeyFields state={props.state} choices={props.choices} now={props.now} isNew={props.isNew} />
          <ActionFailure state={props.request} />
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isSending()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isSending()}>
            <Show when={isSending()} fallback={props.submitLabel}>
              <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
              {props.submittingLabel}
            </Show>
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

export function CreateDialog(props: {
  choices: KeyList;
  now: number;
  onClose: () => void;
  onCreated: (created: CreatedKey) => void;
}): JSX.Element {
  const { t } = useKeyText();
  const { client } = useApi();
  const { request, ...state } = createKeyForm({
    initial: NEW_KEY,
    now: () => props.now,
    send: (form) =>
      client.accessKeys.create.mutate({ environment: form.environment, ...toSettings(form, props.now) }),
    onDone: (created) => props.onCreated(created),
  });
  return (
    <FormDialog
      title={t('create.title')}
      submitLabel={t('create.submit')}
      submittingLabel={t('create.submitting')}
      state={state}
      request={request.state()}
      choices={props.choices}
      now={props.now}
      isNew
      onClose={props.onClose}
    />
  );
}

export function EditDialog(props: {
  summary: KeySummary;
  choices: KeyList;
  now: number;
  onClose: () => void;
  onSaved: (key: KeySummary) => void;
}): JSX.Element {
  const { t } = useKeyText();
  const { client } = useApi();
  // As it was when the dialog opened: a refresh must not change what is being typed over.
  const before = toForm(props.summary);
  const { request, ...state } = createKeyForm({
    initial: before,
    now: () => props.now,
    send: (form) =>
      client.accessKeys.update.mutate({ id: props.summary.id, ...findChanges(before, form, props.now) }),
    onDone: ({ key }) => props.onSaved(key),
  });
  return (
    <FormDialog
      title={t('edit.title', { name: before.name })}
      lead={t('edit.lead')}
      submitLabel={t('edit.submit')}
      submittingLabel={t('edit.submitting')}
      state={state}
      request={request.state()}
      choices={props.choices}
      now={props.now}
      isNew={false}
      onClose={props.onClose}
    />
  );
}
