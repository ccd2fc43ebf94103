import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { IdChip } from '../../ui/id-chip.tsx';
import { Fact } from '../../ui/panel.tsx';
import { EnvironmentBadge, KeyStateCell } from './key-badge.tsx';
import { BudgetCell, ExpiryCell, LastUsedCell } from './key-cells.tsx';
import { LIMITS } from './key-form.ts';
import type { LimitName } from './key-form.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

type FactsProps = { summary: KeySummary; now: number };

function MonoList(props: { values: readonly string[] | null; none: string }): JSX.Element {
  return (
    <Show when={props.values} fallback={<span class="text-text-3">{props.none}</span>}>
      {(values) => (
        <ul class="flex flex-col">
          <For each={values()}>
            {(value) => <li class="break-all font-mono text-caption leading-5">{value}</li>}
          </For>
        </ul>
      )}
    </Show>
  );
}

function LimitFact(props: { name: LimitName; value: number | null }): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <Fact label={t(`field.${props.name}`)}>
      <Show when={props.value !== null} fallback={<span class="text-text-3">{t('detail.inherited')}</span>}>
        <span class="font-mono figures">{format().integer(props.value ?? 0)}</span>
      </Show>
    </Fact>
  );
}

/** Everything that is known of a key, but not its secret. */
export function KeyFacts(props: FactsProps): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <section class="card p-4 sm:p-5" aria-label={t('detail.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        <Fact label={t('col.state')}>
          <div class="flex flex-wrap items-start gap-1.5">
            <KeyStateCell summary={props.summary} now={props.now} />
            <EnvironmentBadge environment={props.summary.environment} />
          </div>
        </Fact>
        <Fact label={t('detail.budget')}>
          <BudgetCell summary={props.summary} />
        </Fact>
        <Fact label={t('detail.sessions')}>
          <span class="font-mono figures">{format().integer(props.summary.openSessions)}</span>
        </Fact>
        <Fact label={t('col.lastUsed')}>
          <LastUsedCell summary={props.summary} now={props.now} />
        </Fact>
        <Fact label={t('col.expires')}>
          <ExpiryCell summary={props.summary} now={props.now} />
        </Fact>
        <Fact label={t('detail.secretSince')}>
          <time datetime={props.summary.createdAt}>
            {format().dateTime(new Date(props.summary.createdAt))}
          </time>
          <span class="block text-table text-text-2">
            {t('detail.createdBy', { name: props.summary.createdBy })}
          </span>
        </Fact>
        <Fact label={t('col.scopes')}>
          <MonoList values={props.summary.scopes} none="" />
        </Fact>
        <Fact label={t('detail.id')} class="col-span-2">
          <IdChip id={props.summary.id} what={t('detail.id')} />
        </Fact>
      </dl>
    </section>
  );
}

/** What narrows the key down; the rest is what the server sets for all. */
export function KeyRestrictions(props: { summary: KeySummary }): JSX.Element {
  const { t } = useKeyText();
  return (
    <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
      <Fact label={t('detail.models')}>
        <MonoList values={props.summary.allowedModels} none={t('detail.anyModel')} />
      </Fact>
      <Fact label={t('detail.origins')} class="sm:col-span-2">
        <MonoList values={props.summary.allowedOrigins} none={t('detail.anyOrigin')} />
      </Fact>
      <For each={LIMITS}>{(name) => <LimitFact name={name} value={props.summary[name]} />}</For>
    </dl>
  );
}

/** What the key was called by before, and until when each is still accepted. */
export function FormerSecrets(props: { formers: readonly KeySummary[]; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <Show
      when={props.formers.length > 0}
      fallback={<p class="text-body text-text-2">{t('detail.formersEmpty')}</p>}
    >
      <ul class="flex flex-col gap-3">
        <For each={props.formers}>
          {(former) => (
            <li class="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
              <span class="min-w-0">
                <span class="font-mono text-table">…{former.lastFour}</span>
                <span class="block text-caption text-text-3">
                  <Show when={former.lastUsedAt} fallback={t('never.used')}>
                    {(at) =>
                      t('confirm.lastUsed', { time: format().relative(new Date(at()), new Date(props.now)) })
                    }
                  </Show>
                </span>
              </span>
              <KeyStateCell summary={former} now={props.now} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
