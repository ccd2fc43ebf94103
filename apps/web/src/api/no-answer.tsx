import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Delayed, Skeleton } from '../ui/skeleton.tsx';
import { ErrorState } from '../ui/states.tsx';
import { toUiError } from './ui-error.ts';

/** What stands in a panel while there is no answer to show: it is still awaited, or it failed. */
export function NoAnswer(props: {
  query: { readonly isError: boolean; readonly error: unknown; readonly refetch: () => Promise<unknown> };
  /** Of what stands there while it is awaited. */
  class: string;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Show
      when={props.query.isError}
      fallback={
        <Delayed>
          <Skeleton class={props.class} />
        </Delayed>
      }
    >
      <ErrorState error={toUiError(props.query.error, t)} onRetry={() => void props.query.refetch()} />
    </Show>
  );
}
