import { useQuery } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Field, Select, TextField } from '../../ui/field.tsx';
import { RadioCards } from '../../ui/radio-cards.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useCan } from '../shell/viewer.ts';
import {
  findBudgetProblem,
  hasSubject,
  listZones,
  parseBudgetScope,
  toBudgetInput,
  toForm,
} from './budget-form.ts';
import type { BudgetField, BudgetForm, BudgetTarget } from './budget-form.ts';
import { useLimitText } from './limit-text.ts';
import { ACTIONS, BUDGET_SCOPES, PERIODS } from './limit-types.ts';
import type { BudgetInput } from './limit-types.ts';

type FormModel = {
  form: () => BudgetForm;
  change: (part: Partial<BudgetForm>) => void;
  errorOf: (field: BudgetField) => string | null;
};

function AccessKeyField(props: { model: FormModel }): JSX.Element {
  const { t } = useLimitText();
  const { trpc } = useApi();
  const can = useCan();
  const keys = useQuery(() => ({ ...trpc.accessKeys.list.queryOptions(), enabled: can('access-keys:read') }));
  const isChosen = (id: string) => props.model.form().subject === id;
  return (
    <Field id="budget-subject" label={t('form.accessKey')} error={props.model.errorOf('subject')}>
      <Select
        id="budget-subject"
        aria-invalid={props.model.errorOf('subject') !== null}
        onChange={(event) => props.model.change({ subject: event.currentTarget.value })}
      >
        <option value="" selected={isChosen('')}>
          {t('form.choose')}
        </option>
        <For each={findData(keys)?.items.filter(({ state }) => state !== 'revoked') ?? []}>
          {(key) => (
            <option value={key.id} selected={isChosen(key.id)}>
              {key.name}
            </option>
          )}
        </For>
      </Select>
    </Field>
  );
}

/** For whom: asked where it is not said by the place the dialog was opened from. */
function TargetFields(props: { model: FormModel }): JSX.Element {
  const { t } = useLimitText();
  const scope = () => props.model.form().scope;
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <Field id="budget-scope" label={t('form.scope')}>
        <Select
          id="budget-scope"
          onChange={(event) =>
            props.model.change({ scope: parseBudgetScope(event.currentTarget.value) ?? 'user', subject: '' })
          }
        >
          <For each={BUDGET_SCOPES}>
            {(value) => (
              <option value={value} selected={value === scope()}>
                {t(`budgets.scope.${value}`)}
              </option>
            )}
          </For>
        </Select>
      </Field>
      <Show when={scope() === 'user'}>
        <TextField
          id="budget-subject"
          label={t('form.user')}
          hint={t('form.userHint')}
          error={props.model.errorOf('subject')}
          value={props.model.form().subject}
          maxlength="256"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => props.model.change({ subject: event.currentTarget.value })}
        />
      </Show>
      <Show when={scope() === 'access_key'}>
        <AccessKeyField model={props.model} />
      </Show>
    </div>
  );
}

function AmountField(props: { model: FormModel }): JSX.Element {
  const { t } = useLimitText();
  return (
    <TextField
      id="budget-amount"
      label={t('form.amount')}
      hint={t('form.amountHint')}
      error={props.model.errorOf('amount')}
      value={props.model.form().amount}
      inputmode="decimal"
      autocomplete="off"
      placeholder="10"
      onInput={(event) => props.model.change({ amount: event.currentTarget.value })}
    />
  );
}

function PeriodFields(props: { model: FormModel }): JSX.Element {
  const { t } = useLimitText();
  const form = () => props.model.form();
  const choose = (value: string) =>
    props.model.change({ period: PERIODS.find((period) => period === value) ?? 'monthly' });
  return (
    <>
      <div class="grid gap-4 sm:grid-cols-2">
        <AmountField model={props.model} />
        <Field id="budget-period" label={t('form.period')} hint={t(`period.hint.${form().period}`)}>
          <Select
            id="budget-period"
            aria-describedby="budget-period-hint"
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <For each={PERIODS}>
              {(period) => (
                <option value={period} selected={period === form().period}>
                  {t(`period.${period}`)}
                </option>
              )}
            </For>
          </Select>
        </Field>
      </div>
      <TextField
        id="budget-zone"
        label={t('form.zone')}
        hint={t('form.zoneHint')}
        error={props.model.errorOf('zone')}
        value={form().zone}
        suggestions={listZones()}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => props.model.change({ zone: event.currentTarget.value })}
      />
    </>
  );
}

function ActionField(props: { model: FormModel }): JSX.Element {
  const { t } = useLimitText();
  const cards = () =>
    ACTIONS.map((value) => ({ value, label: t(`action.${value}`), hint: t(`action.hint.${value}`) }));
  return (
    <RadioCards
      name="budget-action"
      label={t('form.action')}
      value={props.model.form().action}
      cards={cards()}
      onChange={(action) => props.model.change({ action })}
    />
  );
}

function createForm(target: BudgetTarget): FormModel & { findWrong: () => BudgetField | null } {
  const { t } = useLimitText();
  const [form, setForm] = createSignal(toForm(target));
  const [isTried, setIsTried] = createSignal(false);
  return {
    form,
    change: (part) => setForm({ ...form(), ...part }),
    errorOf(field) {
      const problem = isTried() ? findBudgetProblem(form()) : null;
      return problem?.field === field ? t(problem.message) : null;
    },
    findWrong() {
      setIsTried(true);
      return findBudgetProblem(form())?.field ?? null;
    },
  };
}

type BudgetDialogProps = {
  target: BudgetTarget;
  onClose: () => void;
  /** With the name of whose budget it was. */
  onSaved: (name: string) => void;
};

/** Sets one budget. Whose it is can be chosen only where nobody was chosen before. */
export function BudgetDialog(props: BudgetDialogProps): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { client } = useApi();
  const model = createForm(props.target);
  const request = createAction((input: BudgetInput) => client.budgets.set.mutate(input));
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  const name = () => {
    const { scope, subject } = model.form();
    return props.target.name ?? (hasSubject(scope) ? subject : t(`budgets.scope.${scope}`));
  };
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wrong = model.findWrong();
    if (wrong !== null) {
      document.querySelector<HTMLElement>(`#budget-${wrong}`)?.focus();
      return;
    }
    if ((await request.run(toBudgetInput(model.form()))) !== null) props.onSaved(name());
  }
  return (
    <Dialog
      title={props.target.name === null ? t('form.title') : t('form.titleOf', { name: props.target.name })}
      isBusy={isBusy()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" novalidate onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <Show when={props.target.name === null}>
            <TargetFields model={model} />
          </Show>
          <PeriodFields model={model} />
          <ActionField model={model} />
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isBusy()}>
            {t(isBusy() ? 'form.saving' : 'form.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
