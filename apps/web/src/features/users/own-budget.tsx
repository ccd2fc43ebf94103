import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { BudgetDialogs } from '../budgets/budget-dialogs.tsx';
import type { BudgetTarget } from '../budgets/budget-form.ts';
import { BudgetMeter, ResetTime } from '../budgets/budget-meter.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { BudgetEntry, UserSummary } from '../budgets/limit-types.ts';
import { nameOfUser } from './user-cells.tsx';

type OwnBudgetProps = {
  user: UserSummary;
  /** Null: the default for each user holds, if there is one. */
  own: BudgetEntry | null;
  canWrite: boolean;
  dialogs: BudgetDialogs;
};

function Actions(props: OwnBudgetProps): JSX.Element {
  const { t } = useLimitText();
  const target = (): BudgetTarget => ({
    scope: 'user',
    subject: props.user.id,
    name: nameOfUser(props.user),
    current: props.own ?? props.user.budget,
  });
  return (
    <span class="flex flex-wrap gap-1">
      <Button size="compact" onClick={() => props.dialogs.edit(target())}>
        {t(props.own === null ? 'budgets.ownSet' : 'budgets.ownEdit')}
      </Button>
      <Show when={props.own !== null}>
        <Button size="compact" variant="quiet" onClick={() => props.dialogs.remove(target())}>
          {t('budgets.reset')}
        </Button>
      </Show>
    </span>
  );
}

/** The budget that holds for a user, whose it is, and the way to one of their own. */
export function OwnBudget(props: OwnBudgetProps): JSX.Element {
  const { t } = useLimitText();
  return (
    <Panel
      title={t('budgets.own')}
      aside={
        <Show when={props.canWrite}>
          <Actions {...props} />
        </Show>
      }
    >
      <Show when={props.user.budget} fallback={<p class="text-body text-text-2">{t('budgets.noBudget')}.</p>}>
        {(use) => (
          <>
            <BudgetMeter use={use()} name={nameOfUser(props.user)} />
            <p class="text-table text-text-2">
              {t(`period.${use().period}`)} · {t(`action.${use().action}`)} · <ResetTime use={use()} />
            </p>
            <p class="text-caption text-text-3">{t(`action.hint.${use().action}`)}</p>
          </>
        )}
      </Show>
      <Show when={props.own === null && props.user.budget !== null}>
        <p class="text-caption text-text-3">{t('budgets.inherits')}</p>
      </Show>
    </Panel>
  );
}
