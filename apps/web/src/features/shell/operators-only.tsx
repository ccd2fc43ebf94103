import type { Scope } from '@ephemera/api';
import Lock from 'lucide-solid/icons/lock';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { DeadEnd } from './dead-ends.tsx';
import { useCan } from './viewer.ts';

/** A page for those who hold `scope`. The server refuses everyone else; here it is said in words, and nothing is asked in vain. */
export function OperatorsOnly(props: { scope: Scope; children: JSX.Element }): JSX.Element {
  const can = useCan();
  const { t } = useI18n();
  return (
    <Show
      when={can(props.scope)}
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
