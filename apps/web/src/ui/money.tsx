import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { findMoneyStatus, formatMoney } from '../i18n/money.ts';
import type { MoneyStatus } from '../i18n/money.ts';

type MoneyProps = {
  /** Millionths of a US dollar; `null` is unknown. */
  microUsd: number | null;
  status?: MoneyStatus | null | undefined;
  /** Where the amount comes from, instead of the general words. */
  hint?: string | undefined;
  class?: string | undefined;
};

/** An amount that says how sure it is: `~` is estimated, `—` is unknown, which is never a zero. */
export function Money(props: MoneyProps): JSX.Element {
  const { t, format } = useI18n();
  const status = () => findMoneyStatus(props);
  const text = () => formatMoney(props, format());
  return (
    <Switch
      fallback={
        <span class={`whitespace-nowrap figures ${props.class ?? ''}`} title={props.hint}>
          {text()}
        </span>
      }
    >
      <Match when={status() === 'unknown'}>
        <span class={`text-text-3 ${props.class ?? ''}`} title={props.hint ?? t('money.unknown')}>
          <span aria-hidden="true">—</span>
          <span class="sr-only">{props.hint ?? t('money.unknown')}</span>
        </span>
      </Match>
      <Match when={status() === 'estimated'}>
        <span
          class={`whitespace-nowrap figures ${props.class ?? ''}`}
          title={props.hint ?? t('money.estimated')}
        >
          <span aria-hidden="true">{text()}</span>
          <span class="sr-only">
            {text().slice(1)}, {props.hint ?? t('money.estimated')}
          </span>
        </span>
      </Match>
    </Switch>
  );
}
