import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { isUiErrorCode } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { AllWell } from './attention-panel.tsx';
import { useOverviewText } from './overview-text.ts';
import type { RecentError } from './overview-types.ts';

function Row(props: { error: RecentError; now: number }): JSX.Element {
  const { t, format } = useOverviewText();
  const i18n = useI18n();
  const title = () => {
    const { code } = props.error;
    return isUiErrorCode(code) ? i18n.t(`error.${code}.title`) : t('errors.unlisted');
  };
  return (
    <tr class="border-t border-border first:border-t-0 [&>*]:py-2 [&>*]:align-top">
      <th scope="row" class="pe-3 text-start font-normal">
        <span class="block text-body">{title()}</span>
        <span class="block break-all font-mono text-caption text-text-3">{props.error.code}</span>
      </th>
      <td class="px-2 text-end font-mono text-table figures">{format().integer(props.error.count)}</td>
      <td class="ps-2 text-end text-table text-text-2">
        <RelativeTime at={props.error.lastAt} now={props.now} />
      </td>
    </tr>
  );
}

/** Why tokens were not issued, by the broker's own codes. */
export function ErrorsPanel(props: { errors: readonly RecentError[]; now: number }): JSX.Element {
  const { t } = useOverviewText();
  return (
    <Panel
      title={t('errors.title')}
      aside={
        <Show when={props.errors.length > 0}>
          <A href="/sessions?state=failed" class="text-table font-medium text-accent">
            {t('errors.all')}
          </A>
        </Show>
      }
    >
      <Show
        when={props.errors.length > 0}
        fallback={<AllWell title={t('errors.none')} text={t('errors.noneText')} />}
      >
        <table class="w-full">
          <caption class="sr-only">{t('errors.lead')}</caption>
          <thead class="sr-only">
            <tr>
              <th scope="col">{t('errors.title')}</th>
              <th scope="col">{t('errors.count')}</th>
              <th scope="col">{t('errors.last')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.errors}>{(error) => <Row error={error} now={props.now} />}</For>
          </tbody>
        </table>
      </Show>
    </Panel>
  );
}
