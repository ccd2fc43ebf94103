import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { findChanges, findLimitProblem, RANGES, toForm } from './limit-form.ts';
import type { LimitChanges, LimitForm } from './limit-form.ts';
import { useLimitText } from './limit-text.ts';
import type { LimitName } from './limit-types.ts';
import type { LimitsModel } from './limits-model.ts';

function LimitField(props: {
  name: LimitName;
  model: LimitsModel;
  text: string;
  isWrong: boolean;
  onInput: (text: string) => void;
}): JSX.Element {
  const { t, format } = useLimitText();
  const limit = () => props.model.values[props.name];
  const placeholder = () => {
    const found = limit();
    return found === undefined || found.isOwn
      ? t('limit.inherit')
      : t('limit.default', { value: format().integer(found.value) });
  };
  const error = () => {
    const [from, to] = RANGES[props.name];
    return props.isWrong
      ? t('limit.range', { from: format().integer(from), to: format().integer(to) })
      : null;
  };
  return (
    <TextField
      id={`limit-${props.name}`}
      label={t(`limit.field.${props.name}`)}
      error={error()}
      value={props.text}
      placeholder={placeholder()}
      inputmode="numeric"
      autocomplete="off"
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  );
}

function Fields(props: {
  model: LimitsModel;
  form: LimitForm;
  wrong: LimitName | null;
  onInput: (name: LimitName, text: string) => void;
}): JSX.Element {
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <For each={props.model.names}>
        {(name) => (
          <LimitField
            name={name}
            model={props.model}
            text={props.form[name] ?? ''}
            isWrong={props.wrong === name}
            onInput={(text) => props.onInput(name, text)}
          />
        )}
      </For>
    </div>
  );
}

/** Several limits at once. An empty field takes what holds above. */
export function LimitsDialog(props: {
  model: LimitsModel;
  onClose: () => void;
  onSaved: () => void;
}): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const before = toForm(props.model.names, props.model.values);
  const [form, setForm] = createSignal<LimitForm>(before);
  const [wrong, setWrong] = createSignal<LimitName | null>(null);
  const request = createAction((changes: LimitChanges) => props.model.save(changes).then(() => true));
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const problem = findLimitProblem(props.model.names, form());
    setWrong(problem);
    if (problem !== null) {
      document.querySelector<HTMLElement>(`#limit-${problem}`)?.focus();
      return;
    }
    if ((await request.run(findChanges(props.model.names, before, form()))) !== null) props.onSaved();
  }
  return (
    <Dialog
      title={t('limits.editTitle')}
      lead={t('limits.editLead')}
      isBusy={isBusy()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" novalidate onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <Fields
            model={props.model}
            form={form()}
            wrong={wrong()}
            onInput={(name, text) => setForm({ ...form(), [name]: text })}
          />
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isBusy()}>
            {t(isBusy() ? 'limits.saving' : 'limits.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
