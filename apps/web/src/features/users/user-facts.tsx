import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { IdChip } from '../../ui/id-chip.tsx';
import { Money } from '../../ui/money.tsx';
import { Fact } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { UserSummary } from '../budgets/limit-types.ts';

/** Who it is, and what they have used up to now. */
export function UserFacts(props: { user: UserSummary; now: number }): JSX.Element {
  const { t, format } = useLimitText();
  return (
    <section class="card p-4 sm:p-5" aria-label={t('user.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        <Fact label={t('user.id')} class="col-span-2">
          <IdChip id={props.user.id} what={t('user.id')} isWhole />
        </Fact>
        <Fact label={t('user.sessions')}>
          <span class="font-mono figures">{format().integer(props.user.sessionCount)}</span>
        </Fact>
        <Fact label={t('user.open')}>
          <span class="font-mono figures">{format().integer(props.user.openSessions)}</span>
        </Fact>
        <Fact label={t('user.spent')}>
          <Money class="font-mono" microUsd={props.user.spentMicroUsd} />
        </Fact>
        <Show when={props.user.reservedMicroUsd > 0}>
          <Fact label={t('user.reserved')}>
            <Money class="font-mono" microUsd={props.user.reservedMicroUsd} />
          </Fact>
        </Show>
        <Fact label={t('user.firstSeen')}>
          <RelativeTime at={props.user.firstSeenAt} now={props.now} />
        </Fact>
        <Fact label={t('user.lastSeen')}>
          <RelativeTime at={props.user.lastSeenAt} now={props.now} />
        </Fact>
      </dl>
    </section>
  );
}
