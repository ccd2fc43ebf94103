import CircleAlert from 'lucide-solid/icons/circle-alert';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import type { ActionState } from '../../ui/action.ts';
import { ErrorNotice, Notice } from '../../ui/states.tsx';
import { useKeyText } from './key-text.ts';

/** A refusal, in words. A conflict means here that somebody else was faster. */
export function KeyErrorNotice(props: { error: unknown }): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const error = () => toUiError(props.error, i18n.t);
  return (
    <Show when={error().code === 'conflict'} fallback={<ErrorNotice error={error()} />}>
      <Notice tone="danger" icon={<CircleAlert aria-hidden="true" />} isAlert>
        <p class="font-medium">{t('conflict.state')}</p>
      </Notice>
    </Show>
  );
}

/** What became of a request that failed; nothing for any other. */
export function ActionFailure<T>(props: { state: ActionState<T> }): JSX.Element {
  const failed = () => (props.state.status === 'failed' ? { error: props.state.error } : null);
  return <Show when={failed()}>{(failure) => <KeyErrorNotice error={failure().error} />}</Show>;
}
