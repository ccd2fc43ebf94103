import { A } from '@solidjs/router';
import Lock from 'lucide-solid/icons/lock';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { buttonClass } from '../../ui/button.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useViewer } from '../shell/viewer.ts';
import { KeyTextProvider } from './key-text.ts';

function DeadEnd(): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('operators.title')} />
      <div class="card">
        <EmptyState
          icon={<Lock aria-hidden="true" />}
          title={t('operators.only')}
          text={t('operators.text')}
          action={
            <A href="/playground" class={buttonClass('primary')}>
              {t('notFound.action')}
            </A>
          }
        />
      </div>
    </div>
  );
}

/** The server refuses everyone else anyway; here it is said in words, and nothing is asked in vain. */
export function OperatorsOnly(props: { children: JSX.Element }): JSX.Element {
  const viewer = useViewer();
  return (
    <Show when={viewer().role === 'operator'} fallback={<DeadEnd />}>
      <KeyTextProvider>{props.children}</KeyTextProvider>
    </Show>
  );
}
