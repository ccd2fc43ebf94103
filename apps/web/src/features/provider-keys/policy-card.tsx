import { For } from 'solid-js';
import type { JSX } from 'solid-js';

import { Panel } from '../../ui/panel.tsx';
import { useKeyText } from './key-text.ts';
import type { PoolPolicy } from './key-types.ts';

type PolicyRow = { term: string; text: string };

/** What the pool does by itself, with the figures that this server runs on. */
export function PolicyCard(props: { policy: PoolPolicy }): JSX.Element {
  const { t, format } = useKeyText();
  const seconds = (value: number) => format().duration(value);
  const rows = (): PolicyRow[] => [
    { term: t('policy.choice'), text: t('policy.choiceText') },
    {
      term: t('policy.tries'),
      text: t('policy.triesText', {
        count: format().integer(props.policy.triesPerMint),
        seconds: seconds(props.policy.tryTimeoutMs / 1_000),
      }),
    },
    { term: t('policy.rejected'), text: t('policy.rejectedText') },
    { term: t('policy.rate'), text: t('policy.rateText') },
    { term: t('policy.quota'), text: t('policy.quotaText') },
    {
      term: t('policy.breaker'),
      text: t('policy.breakerText', {
        count: format().integer(props.policy.breakerFailures),
        seconds: seconds(props.policy.breakerSeconds),
      }),
    },
  ];
  return (
    <Panel title={t('policy.title')}>
      <dl class="grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
        <For each={rows()}>
          {(row) => (
            <div>
              <dt class="text-table font-medium">{row.term}</dt>
              <dd class="text-pretty text-table text-text-2">{row.text}</dd>
            </div>
          )}
        </For>
      </dl>
    </Panel>
  );
}
