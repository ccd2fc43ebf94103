import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import type { ActionState } from '../../ui/action.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { KeyFields } from './form-fields.tsx';
import { createKeyForm } from './form-state.ts';
import type { KeyFormState } from './form-state.ts';
import { ActionFailure } from './key-error.tsx';
import { findChanges, NEW_KEY, toForm, toSettings } from './key-form.ts';
import { useKeyText } from './key-text.ts';
import type { CreatedKey, KeyList, KeySummary } from './key-types.ts';

type KeyDialogProps = {
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

function KeyDialog(props: KeyDialogProps): JSX.Element {
  return (
    <FormDialog
      title={props.title}
      lead={props.lead}
      submitLabel={props.submitLabel}
      submittingLabel={props.submittingLabel}
      isBusy={props.request.status === 'running'}
      autocomplete="off"
      onSubmit={(element) => void props.state.submit(element)}
      onClose={props.onClose}
    >
      <KeyFields state={props.state} choices={props.choices} now={props.now} isNew={props.isNew} />
      <ActionFailure state={props.request} />
    </FormDialog>
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
    <KeyDialog
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
    <KeyDialog
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
