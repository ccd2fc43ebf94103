import { useQuery } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice, ErrorState } from '../../ui/states.tsx';
import type { BudgetList } from '../budgets/limit-types.ts';
import { findLimitsProblem, toLimitsForm, toLimitsInput } from './welcome-steps.ts';
import type { LimitsField, LimitsForm } from './welcome-steps.ts';
import { useWelcomeText } from './welcome-text.ts';

const FIELDS = ['amount', 'minutes'] as const satisfies readonly LimitsField[];

function createLimits(list: BudgetList, onSaved: () => void) {
  const { client } = useApi();
  const [form, setForm] = createSignal<LimitsForm>(toLimitsForm(list));
  const [wrong, setWrong] = createSignal<LimitsField | null>(null);
  const request = createAction(async (sent: LimitsForm) => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const { budget, maxSessionSeconds } = toLimitsInput(sent, list, zone);
    await client.budgets.set.mutate(budget);
    await client.budgets.setLimits.mutate({ maxSessionSeconds });
    return true;
  });
  async function save(): Promise<void> {
    const problem = findLimitsProblem(form());
    setWrong(problem);
    if (problem !== null) document.querySelector<HTMLElement>(`#welcome-${problem}`)?.focus();
    else if ((await request.run(form())) !== null) onSaved();
  }
  return { form, setForm, wrong, request, save };
}

function Form(props: { list: BudgetList; onSaved: () => void }): JSX.Element {
  const { t } = useWelcomeText();
  const i18n = useI18n();
  const model = createLimits(props.list, () => props.onSaved());
  const isBusy = () => model.request.state().status === 'running';
  const failure = () => {
    const state = model.request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (!isBusy()) void model.save();
  }
  const field = (name: LimitsField) => (
    <TextField
      id={`welcome-${name}`}
      label={t(`limits.${name}`)}
      hint={t(`limits.${name}Hint`)}
      error={model.wrong() === name ? t(`limits.${name}Wrong`) : null}
      inputmode="decimal"
      autocomplete="off"
      value={model.form()[name]}
      onInput={(event) => model.setForm({ ...model.form(), [name]: event.currentTarget.value })}
    />
  );
  return (
    <form class="flex flex-col gap-4" novalidate aria-label={t('step.limits')} onSubmit={handleSubmit}>
      <div class="grid gap-4 sm:grid-cols-2">{FIELDS.map(field)}</div>
      <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      <Button type="submit" variant="primary" class="self-start" disabled={isBusy()}>
        {t(isBusy() ? 'limits.saving' : 'limits.save')}
      </Button>
    </form>
  );
}

/** What a user may spend, and how long a call may be, before anybody has called. */
export function LimitsStep(props: { onSaved: () => void }): JSX.Element {
  const { t } = useWelcomeText();
  const i18n = useI18n();
  const { trpc } = useApi();
  const query = useQuery(() => trpc.budgets.list.queryOptions());
  return (
    <>
      <p class="text-body text-text-2">{t('limits.text')}</p>
      <Show when={query.isError && findData(query) === undefined}>
        <ErrorState error={toUiError(query.error, i18n.t)} onRetry={() => void query.refetch()} />
      </Show>
      <Show when={findData(query)}>
        {(list) => <Form list={list()} onSaved={() => void query.refetch().then(props.onSaved)} />}
      </Show>
    </>
  );
}
