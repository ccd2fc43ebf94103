import Pencil from 'lucide-solid/icons/pencil';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { BudgetDialogs } from './budget-dialogs.tsx';
import type { BudgetTarget } from './budget-form.ts';
import { BudgetMeter, ResetTime } from './budget-meter.tsx';
import { useLimitText } from './limit-text.ts';
import type { BudgetEntry } from './limit-types.ts';

type CardProps = {
  scope: 'project' | 'default_user';
  budget: BudgetEntry | null;
  canWrite: boolean;
  dialogs: BudgetDialogs;
};

function Amount(props: { budget: BudgetEntry; hasMeter: boolean; name: string }): JSX.Element {
  const { t, format } = useLimitText();
  return (
    <>
      <p class="flex flex-wrap items-baseline gap-x-2">
        <span class="text-h2 font-semibold tracking-tight figures">
          {format().usd(props.budget.limitMicroUsd / 1_000_000)}
        </span>
        <span class="text-body text-text-2">
          {t(`period.${props.budget.period}`)} · {t(`action.${props.budget.action}`)}
        </span>
      </p>
      <Show when={props.hasMeter}>
        <BudgetMeter use={props.budget} name={props.name} />
      </Show>
      <p class="text-table text-text-2">
        <ResetTime use={props.budget} />
      </p>
    </>
  );
}

function Actions(props: CardProps & { target: BudgetTarget; name: string }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Show
      when={props.budget !== null}
      fallback={
        <Button size="compact" onClick={() => props.dialogs.edit(props.target)}>
          {t('budgets.set')}
          <span class="sr-only">: {props.name}</span>
        </Button>
      }
    >
      <div class="flex gap-1">
        <Button
          size="compact"
          aria-label={t('budgets.editOf', { name: props.name })}
          onClick={() => props.dialogs.edit(props.target)}
        >
          <Pencil aria-hidden="true" class="size-3.5" />
          {t('budgets.edit')}
        </Button>
        <Button
          size="compact"
          variant="quiet"
          aria-label={t('budgets.removeOf', { name: props.name })}
          onClick={() => props.dialogs.remove(props.target)}
        >
          {t('budgets.remove')}
        </Button>
      </div>
    </Show>
  );
}

/** The budget of everything together, or the one that each user has without another. */
export function ScopeCard(props: CardProps): JSX.Element {
  const { t } = useLimitText();
  const name = () => t(`budgets.scope.${props.scope}`);
  const target = (): BudgetTarget => ({
    scope: props.scope,
    subject: '',
    name: name(),
    current: props.budget,
  });
  return (
    <Panel
      title={name()}
      aside={
        <Show when={props.canWrite}>
          <Actions {...props} target={target()} name={name()} />
        </Show>
      }
    >
      <Show
        when={props.budget}
        fallback={
          <div class="flex flex-col gap-0.5">
            <p class="text-body font-medium">{t('budgets.none')}</p>
            <p class="text-table text-text-2">{t(`budgets.none.${props.scope}`)}</p>
          </div>
        }
      >
        {(budget) => (
          // What each user has spent of the default stands with the users.
          <Amount budget={budget()} hasMeter={props.scope === 'project'} name={name()} />
        )}
      </Show>
      <p class="mt-auto text-caption text-text-3">{t(`budgets.hint.${props.scope}`)}</p>
    </Panel>
  );
}
