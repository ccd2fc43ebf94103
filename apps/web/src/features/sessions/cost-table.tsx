import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Badge } from '../../ui/badge.tsx';
import { Money } from '../../ui/money.tsx';
import { findCost, parseCostSource } from './session-cost.ts';
import { useSessionText } from './session-text.ts';
import type { CostLine, SessionDetail } from './session-types.ts';

function Quantity(props: { line: CostLine }): JSX.Element {
  const { format } = useSessionText();
  return (
    <>
      {props.line.unit === 'seconds'
        ? format().duration(Math.round(props.line.quantity))
        : format().integer(props.line.quantity)}
    </>
  );
}

function Lines(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  return (
    <tbody class="figures [&_tr]:border-t [&_tr]:border-border">
      <For each={props.session.cost}>
        {(line) => (
          <tr>
            <th scope="row" class="text-start text-text-2">
              {t(`costs.${line.modality}.${line.direction}`)}
            </th>
            <td>
              <Quantity line={line} />
            </td>
            <td>
              <Money microUsd={line.microUsd} />
            </td>
          </tr>
        )}
      </For>
    </tbody>
  );
}

function Total(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  const cost = () => findCost(props.session);
  return (
    <tfoot class="figures">
      <tr class="border-t border-control">
        <th scope="row" colspan="2" class="text-start !font-semibold">
          {t('costs.total')}
        </th>
        <td class="!text-table font-semibold">
          <Money
            microUsd={cost().microUsd}
            status={cost().status}
            hint={t(cost().hint.key, cost().hint.values)}
          />
        </td>
      </tr>
    </tfoot>
  );
}

/** How far the number can be trusted, and where it comes from. */
function Provenance(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  const cost = () => findCost(props.session);
  const version = () => props.session.priceVersion;
  return (
    <div class="flex flex-col gap-0.5 text-caption text-text-3">
      <p>{t(cost().hint.key, cost().hint.values)}.</p>
      <Show when={version()}>{(found) => <p>{t('costs.version', { version: found() })}.</p>}</Show>
      <Show when={props.session.cost.length > 1}>
        <p>{t('costs.rounding')}</p>
      </Show>
      <Show when={props.session.state === 'connected'}>
        <p>{t('costs.running')}</p>
      </Show>
    </div>
  );
}

export function CostSourceBadge(props: { source: string | null }): JSX.Element {
  const { t } = useSessionText();
  return (
    <Show when={parseCostSource(props.source)}>
      {(source) => (
        <Badge tone={source() === 'responses' || source() === 'totals' ? 'neutral' : 'warning'}>
          {t(`source.${source()}`)}
        </Badge>
      )}
    </Show>
  );
}

/** What was counted, by kind and direction, and what it costs by the prices of its day. */
export function CostTable(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  return (
    <div class="flex flex-col gap-3">
      <table class="w-full text-table [&_td]:py-1.5 [&_td]:text-end [&_td]:font-mono [&_td]:text-caption [&_th]:py-1.5 [&_th]:font-normal">
        <thead class="text-caption text-text-3 [&_th]:font-medium">
          <tr>
            <th scope="col" class="text-start">
              {t('costs.kind')}
            </th>
            <th scope="col">
              <span class="block text-end">{t('costs.quantity')}</span>
            </th>
            <th scope="col">
              <span class="block text-end">{t('costs.amount')}</span>
            </th>
          </tr>
        </thead>
        <Show
          when={props.session.cost.length > 0}
          fallback={
            <tbody>
              <tr class="border-t border-border">
                <th scope="row" colspan="3" class="text-start text-text-2">
                  {t('costs.noLines')}
                </th>
              </tr>
            </tbody>
          }
        >
          <Lines session={props.session} />
        </Show>
        <Total session={props.session} />
      </table>
      <Provenance session={props.session} />
    </div>
  );
}
