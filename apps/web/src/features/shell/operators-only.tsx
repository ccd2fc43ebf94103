import Lock from 'lucide-solid/icons/lock';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { DeadEnd } from './dead-ends.tsx';
import { useViewer } from './viewer.ts';

/** The server refuses everyone else anyway; here it is said in words, and nothing is asked in vain. */
export function OperatorsOnly(props: { children: JSX.Element }): JSX.Element {
  const viewer = useViewer();
  const { t } = useI18n();
  return (
    <Show
      when={viewer().role === 'operator'}
      fallback={
        <DeadEnd
          icon={<Lock aria-hidden="true" />}
          heading={t('operators.title')}
          title={t('operators.only')}
          text={t('operators.text')}
        />
      }
    >
      {props.children}
    </Show>
  );
}
