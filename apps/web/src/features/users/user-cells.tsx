import CircleCheck from 'lucide-solid/icons/circle-check';
import ShieldBan from 'lucide-solid/icons/shield-ban';
import SlidersHorizontal from 'lucide-solid/icons/sliders-horizontal';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Badge } from '../../ui/badge.tsx';
import { Money } from '../../ui/money.tsx';
import { BudgetMeter } from '../budgets/budget-meter.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { UserSummary } from '../budgets/limit-types.ts';

export function nameOfUser(user: Pick<UserSummary, 'id' | 'name'>): string {
  return user.name ?? user.id;
}

export function UserBadge(props: { user: UserSummary }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Show
      when={props.user.isBlocked}
      fallback={
        <Badge tone="success" icon={<CircleCheck aria-hidden="true" />}>
          {t('user.state.active')}
        </Badge>
      }
    >
      <Badge tone="danger" icon={<ShieldBan aria-hidden="true" />}>
        {t('user.state.blocked')}
      </Badge>
    </Show>
  );
}

export function OwnLimitsBadge(props: { user: UserSummary }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Show when={props.user.hasOwnLimits}>
      <Badge tone="accent" icon={<SlidersHorizontal aria-hidden="true" />} title={t('users.ownLimitsHint')}>
        {t('users.ownLimits')}
      </Badge>
    </Show>
  );
}

/** Spent against the budget that applies; without one, the plain amount. */
export function SpendCell(props: { user: UserSummary }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Show
      when={props.user.budget}
      fallback={
        <span class="font-mono text-caption" title={t('budgets.noBudget')}>
          <Money microUsd={props.user.spentMicroUsd} />
        </span>
      }
    >
      {(budget) => <BudgetMeter use={budget()} name={nameOfUser(props.user)} />}
    </Show>
  );
}
