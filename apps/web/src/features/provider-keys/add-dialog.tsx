import LoaderCircle from 'lucide-solid/icons/loader-circle';
import PlugZap from 'lucide-solid/icons/plug-zap';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Field, Select, TextField } from '../../ui/field.tsx';
import { createAddForm } from './add-form-state.ts';
import type { AddDialogProps, AddForm } from './add-form-state.ts';
import type { AddField } from './add-form.ts';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import type { KeyMessage } from './key-text.ts';
import { SecretField } from './secret-field.tsx';
import { TestOutcome } from './test-outcome.tsx';

type FieldsProps = { form: AddForm; dialog: AddDialogProps };

function ProviderField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <Field id="add-provider" label={t('field.provider')}>
      <Select id="add-provider" onChange={(event) => props.form.choose(event.currentTarget.value)}>
        <For each={props.dialog.providers}>
          {(provider) => (
            <option value={provider.id} selected={provider.id === props.form.provider()}>
              {provider.name}
            </option>
          )}
        </For>
      </Select>
    </Field>
  );
}

/** One line of text of this form, with what is wrong with it. */
function FormField(props: {
  form: AddForm;
  field: Exclude<AddField, 'key'>;
  label: KeyMessage;
  hint?: KeyMessage;
  placeholder?: string;
  class?: string;
  maxLength?: number;
  initial?: string;
  isNumber?: boolean;
  isFirst?: boolean;
  suggestions?: readonly string[];
}): JSX.Element {
  const { t } = useKeyText();
  const id = () => `add-${props.field}`;
  const error = () => {
    const problem = props.form.problem();
    return problem?.field === props.field ? t(problem.message) : null;
  };
  return (
    <TextField
      id={id()}
      name={props.field}
      label={t(props.label)}
      error={error()}
      hint={props.hint === undefined ? undefined : t(props.hint)}
      class={props.class}
      suggestions={props.suggestions}
      maxlength={props.maxLength}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      autofocus={props.isFirst === true}
      inputmode={props.isNumber === true ? 'numeric' : undefined}
      value={props.initial ?? ''}
      placeholder={props.placeholder}
    />
  );
}

function Fields(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  const chosen = () => props.dialog.providers.find(({ id }) => id === props.form.provider());
  const keyError = () => {
    const problem = props.form.problem();
    return problem?.field === 'key' ? t(problem.message) : null;
  };
  return (
    <>
      <div class="grid gap-4 sm:grid-cols-2">
        <ProviderField {...props} />
        <FormField
          form={props.form}
          field="name"
          label="field.name"
          placeholder={t('field.namePlaceholder')}
          maxLength={80}
          isFirst
        />
      </div>
      <SecretField
        id="add-key"
        shape={chosen()?.keyHint ?? ''}
        error={keyError()}
        onInput={(key) => props.form.setKey(key)}
      />
      <div class="grid gap-4 sm:grid-cols-[1fr_150px]">
        <FormField
          form={props.form}
          field="limitDomain"
          label="field.domain"
          hint="field.domainHint"
          class="font-mono"
          maxLength={128}
          suggestions={props.dialog.domains}
        />
        <FormField
          form={props.form}
          field="weight"
          label="field.weight"
          hint="field.weightHint"
          maxLength={3}
          initial="1"
          isNumber
        />
      </div>
      <Show when={chosen()?.canTest === false}>
        <p class="text-table text-text-2">{t('test.untestable', { provider: chosen()?.name ?? '' })}</p>
      </Show>
      <TestOutcome state={props.form.test.state()} />
    </>
  );
}

function Buttons(props: {
  form: AddForm;
  canTest: boolean;
  onTest: () => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const isAdding = () => props.form.add.state().status === 'running';
  const isTesting = () => props.form.test.state().status === 'running';
  return (
    <DialogFooter>
      <Show when={props.canTest}>
        <Button class="me-auto" disabled={isTesting() || isAdding()} onClick={() => props.onTest()}>
          <PlugZap aria-hidden="true" class="size-4" />
          {t('test.now')}
        </Button>
      </Show>
      <Button variant="quiet" disabled={isAdding()} onClick={() => props.onClose()}>
        {i18n.t('action.cancel')}
      </Button>
      <Button type="submit" variant="primary" disabled={isAdding()}>
        <Show when={isAdding()} fallback={t('add.submit')}>
          <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
          {t('add.submitting')}
        </Show>
      </Button>
    </DialogFooter>
  );
}

/** Provider, name and key, tested on request before it is added. Closing it forgets the key. */
export function AddDialog(props: AddDialogProps): JSX.Element {
  const { t } = useKeyText();
  const form = createAddForm(props);
  let element: HTMLFormElement | undefined;
  const canTest = () => props.providers.find(({ id }) => id === form.provider())?.canTest === true;
  const isAdding = () => form.add.state().status === 'running';
  function handleSubmit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    if (!isAdding()) form.submit(event.currentTarget);
  }
  function test(): void {
    if (element !== undefined) void form.runTest(element);
  }
  return (
    <Dialog title={t('add.title')} isBusy={isAdding()} onClose={props.onClose}>
      <form
        ref={(created) => (element = created)}
        class="flex min-h-0 flex-col"
        novalidate
        autocomplete="off"
        onSubmit={handleSubmit}
      >
        <DialogBody>
          <Fields form={form} dialog={props} />
          <ActionFailure state={form.add.state()} />
        </DialogBody>
        <Buttons form={form} canTest={canTest()} onTest={test} onClose={() => props.onClose()} />
      </form>
    </Dialog>
  );
}
