import { createSignal, createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Field, Select, TextField } from '../../ui/field.tsx';
import type { FilterOption } from '../../ui/filters.tsx';
import { useCan } from '../shell/viewer.ts';
import { withCurrent } from './filter-choices.ts';
import type { FilterChoices } from './filter-choices.ts';
import { findFormProblem, toFilter, toForm } from './filter-form.ts';
import type { FilterField, FilterForm } from './filter-form.ts';
import { NO_FILTER } from './session-filter.ts';
import type { SessionFilter } from './session-filter.ts';
import { useSessionText } from './session-text.ts';

type FormModel = {
  form: () => FilterForm;
  set: (field: FilterField, value: string) => void;
  errorOf: (field: FilterField) => string | null;
};

function ChoiceField(props: {
  label: string;
  value: string;
  options: readonly FilterOption[];
  onChange: (value: string) => void;
}): JSX.Element {
  const { t } = useSessionText();
  const id = createUniqueId();
  return (
    <Field id={id} label={props.label}>
      <Select id={id} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="" selected={props.value === ''}>
          {t('filter.any')}
        </option>
        <For each={withCurrent(props.options, props.value)}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.label}
            </option>
          )}
        </For>
      </Select>
    </Field>
  );
}

function WhoAndWhat(props: { model: FormModel; choices: FilterChoices }): JSX.Element {
  const { t } = useSessionText();
  const can = useCan();
  const transports = () =>
    (['webrtc', 'websocket'] as const).map((value) => ({ value, label: t(`transport.${value}`) }));
  const choice = (field: 'model' | 'accessKey' | 'providerKey' | 'transport', options: FilterOption[]) => (
    <ChoiceField
      label={t(`filter.${field}`)}
      value={props.model.form()[field]}
      options={options}
      onChange={(value) => props.model.set(field, value)}
    />
  );
  return (
    <>
      <div class="grid gap-4 sm:grid-cols-2">
        {choice('model', props.choices.models())}
        {choice('transport', transports())}
        {can('access-keys:read') && choice('accessKey', props.choices.accessKeys())}
        {can('keys:read') && choice('providerKey', props.choices.providerKeys())}
      </div>
      {can('sessions:read-all') && (
        <TextField
          id="filter-user"
          label={t('filter.user')}
          hint={t('filter.userHint')}
          value={props.model.form().user}
          maxlength="300"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => props.model.set('user', event.currentTarget.value)}
        />
      )}
    </>
  );
}

function HowMuchAndWhen(props: { model: FormModel }): JSX.Element {
  const { t } = useSessionText();
  const field = (
    name: 'cost' | 'duration' | 'from' | 'to',
    more: JSX.InputHTMLAttributes<HTMLInputElement>,
    hint?: string,
  ) => (
    <TextField
      {...more}
      hint={hint}
      id={`filter-${name}`}
      label={t(`filter.${name}`)}
      error={props.model.errorOf(name)}
      value={props.model.form()[name]}
      autocomplete="off"
      onInput={(event) => props.model.set(name, event.currentTarget.value)}
    />
  );
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      {field('cost', { inputmode: 'decimal', placeholder: '0.25' })}
      {field('duration', { inputmode: 'numeric', placeholder: '60' })}
      {field('from', { type: 'datetime-local' }, t('filter.timeHint'))}
      {field('to', { type: 'datetime-local' }, t('filter.timeHint'))}
    </div>
  );
}

function createForm(filter: SessionFilter): FormModel & { isTried: () => boolean; markTried: () => void } {
  const { t } = useSessionText();
  const [form, setForm] = createSignal(toForm(filter));
  const [isTried, setIsTried] = createSignal(false);
  return {
    form,
    isTried,
    markTried: () => setIsTried(true),
    set: (field, value) => setForm({ ...form(), [field]: value }),
    errorOf(field) {
      const problem = isTried() ? findFormProblem(form()) : null;
      return problem?.field === field ? t(problem.message) : null;
    },
  };
}

/** All filters but the state and the search, which stand above the list. */
export function FilterDialog(props: {
  filter: SessionFilter;
  choices: FilterChoices;
  onApply: (filter: SessionFilter) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useSessionText();
  const model = createForm(props.filter);
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    model.markTried();
    const problem = findFormProblem(model.form());
    if (problem === null) props.onApply(toFilter(model.form(), props.filter));
    else document.querySelector<HTMLElement>(`#filter-${problem.field}`)?.focus();
  }
  return (
    <Dialog title={t('filter.title')} lead={t('filter.titleLead')} onClose={props.onClose}>
      <form class="flex min-h-0 flex-col" novalidate onSubmit={submit}>
        <DialogBody>
          <WhoAndWhat model={model} choices={props.choices} />
          <HowMuchAndWhen model={model} />
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" onClick={() => props.onApply(NO_FILTER)}>
            {t('filter.clear')}
          </Button>
          <Button type="submit" variant="primary">
            {t('filter.apply')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
