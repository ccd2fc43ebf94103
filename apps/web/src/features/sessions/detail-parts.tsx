import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { IdChip, truncateMiddle } from '../../ui/id-chip.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { TimelineItem } from '../../ui/timeline.tsx';
import type { SessionDetail } from './session-types.ts';
import { createTimeline } from './timeline.ts';
import type { TimelineEntry } from './timeline.ts';
import type { UsageSide, UsageSummary } from './usage.ts';

const TONES = { done: 'accent', running: 'running', failed: 'danger', waiting: 'off' } as const;

export function Timeline(props: { session: SessionDetail; now: number }): JSX.Element {
  const { t, format } = useI18n();
  const mint = (entry: TimelineEntry) =>
    entry.key === 'detail.timeline.issued' && props.session.mintMs !== null
      ? t('detail.timeline.mint', { ms: format().milliseconds(props.session.mintMs) })
      : null;
  return (
    <ol class="flex flex-col">
      <For each={createTimeline(props.session, props.now)}>
        {(entry) => (
          <TimelineItem tone={TONES[entry.tone]} title={t(entry.key)}>
            <p class="text-table text-text-2">
              <Show when={entry.at}>
                {(at) => <time datetime={at()}>{format().dateTime(new Date(at()))}</time>}
              </Show>
              <Show when={mint(entry)}>{(text) => <> · {text()}</>}</Show>
            </p>
          </TimelineItem>
        )}
      </For>
    </ol>
  );
}

export function Attempts(props: { attempts: SessionDetail['attempts'] }): JSX.Element {
  const { t, format } = useI18n();
  // Operators alone are told which keys were tried.
  const hasKeys = () => props.attempts.some(({ keyId }) => keyId !== null);
  return (
    <Show
      when={props.attempts.length > 0}
      fallback={<p class="text-body text-text-2">{t('detail.attempts.none')}</p>}
    >
      <table class="w-full text-table [&_td]:py-1.5 [&_td]:pe-3 [&_td:last-child]:pe-0 [&_th]:pb-1 [&_th]:pe-3 [&_th:last-child]:pe-0 [&_th]:text-start [&_th]:text-caption [&_th]:font-medium [&_th]:text-text-3">
        <thead>
          <tr>
            <th scope="col">{t('detail.attempts.number')}</th>
            <th scope="col">{t('detail.attempts.status')}</th>
            <th scope="col">{t('detail.attempts.code')}</th>
            <Show when={hasKeys()}>
              <th scope="col">{t('detail.attempts.key')}</th>
            </Show>
            <th scope="col">
              <span class="block text-end">{t('detail.attempts.duration')}</span>
            </th>
          </tr>
        </thead>
        <tbody class="[&_tr]:border-t [&_tr]:border-border">
          <For each={props.attempts}>
            {(attempt, index) => (
              <tr>
                <td class="figures">{index() + 1}</td>
                <td class="font-mono text-caption figures">
                  {attempt.status ?? t('detail.attempts.noAnswer')}
                </td>
                <td class="break-all font-mono text-caption">{attempt.code ?? <Nothing />}</td>
                <Show when={hasKeys()}>
                  <td class="font-mono text-caption">
                    <Show when={attempt.keyId} fallback={<Nothing />}>
                      {(keyId) => (
                        <A
                          href={`/provider-keys/${keyId()}`}
                          title={keyId()}
                          class="text-accent underline underline-offset-2"
                        >
                          {truncateMiddle(keyId())}
                        </A>
                      )}
                    </Show>
                  </td>
                </Show>
                <td class="text-end font-mono text-caption figures">
                  {format().milliseconds(attempt.durationMs)}
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}

function Count(props: { value: number | null }): JSX.Element {
  const { format } = useI18n();
  return (
    <Show when={props.value !== null} fallback={<Nothing />}>
      {format().integer(props.value ?? 0)}
    </Show>
  );
}

export function UsageTable(props: { usage: UsageSummary | null }): JSX.Element {
  const { t } = useI18n();
  const rows: readonly [Parameters<typeof t>[0], keyof UsageSide][] = [
    ['detail.usage.audio', 'audio'],
    ['detail.usage.text', 'text'],
    ['detail.usage.cached', 'cached'],
    ['detail.usage.total', 'total'],
  ];
  return (
    <Show when={props.usage} fallback={<p class="text-body text-text-2">{t('detail.usage.unknown')}</p>}>
      {(usage) => (
        <table class="w-full text-table [&_td]:py-1.5 [&_td]:text-end [&_td]:font-mono [&_td]:text-caption [&_th]:py-1.5 [&_th]:font-normal">
          <thead class="text-caption text-text-3 [&_th]:font-medium">
            <tr>
              <td />
              <th scope="col">
                <span class="block text-end">{t('detail.usage.input')}</span>
              </th>
              <th scope="col">
                <span class="block text-end">{t('detail.usage.output')}</span>
              </th>
            </tr>
          </thead>
          <tbody class="figures [&_tr]:border-t [&_tr]:border-border">
            <For each={rows}>
              {([key, field]) => (
                <tr>
                  <th scope="row" class="text-start text-text-2">
                    {t(key)}
                  </th>
                  <td>
                    <Count value={usage().input[field]} />
                  </td>
                  <td>
                    <Count value={usage().output[field]} />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      )}
    </Show>
  );
}

export function Ids(props: { session: SessionDetail }): JSX.Element {
  const { t } = useI18n();
  const ids = () =>
    [
      ['detail.id.session', props.session.id],
      ['detail.id.provider', props.session.providerSessionId],
      ['detail.id.call', props.session.callId],
      ['detail.id.request', props.session.requestId],
    ] as const;
  return (
    <dl class="flex flex-col gap-2.5">
      <For each={ids()}>
        {([key, id]) => (
          <Fact label={t(key)}>
            <Show when={id} fallback={<Nothing />}>
              {(value) => <IdChip id={value()} what={t(key)} isWhole />}
            </Show>
          </Fact>
        )}
      </For>
    </dl>
  );
}
