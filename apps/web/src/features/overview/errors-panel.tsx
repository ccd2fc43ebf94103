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

type Group = { title: string; rows: readonly RecentError[]; href: string; link: string };

function GroupRows(props: { group: Group; now: number }): JSX.Element {
  return (
    <tbody class="group">
      <tr>
        <th scope="colgroup" colspan="3" class="pt-4 pb-1 text-start group-first-of-type:pt-0">
          <span class="flex items-baseline justify-between gap-3">
            <span class="text-caption font-medium text-text-2">{props.group.title}</span>
            <A href={props.group.href} class="text-table font-medium text-accent">
              {props.group.link}
            </A>
          </span>
        </th>
      </tr>
      <For each={props.group.rows}>{(row) => <Row error={row} now={props.now} />}</For>
    </tbody>
  );
}

type Props = { errors: readonly RecentError[]; refusals: readonly RecentError[]; now: number };

/** Why tokens were not issued, by the broker's own codes: what went wrong, and what a limit did not let in. */
export function ErrorsPanel(props: Props): JSX.Element {
  const { t } = useOverviewText();
  const groups = (): Group[] =>
    [
      {
        title: t('errors.failed'),
        rows: props.errors,
        href: '/sessions?state=failed',
        link: t('errors.all'),
      },
      {
        title: t('errors.refused'),
        rows: props.refusals,
        href: '/audit?action=token.mint&result=denied',
        link: t('errors.allRefused'),
      },
    ].filter(({ rows }) => rows.length > 0);
  return (
    <Panel title={t('errors.title')}>
      <Show
        when={groups().length > 0}
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
          <For each={groups()}>{(group) => <GroupRows group={group} now={props.now} />}</For>
        </table>
      </Show>
    </Panel>
  );
}
