import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from './ui-error.ts';
import { useI18n } from '../i18n/context.tsx';
import type { ActionState } from '../ui/action.ts';
import { ErrorNotice } from '../ui/states.tsx';

/** What became of a request that failed; nothing for any other. */
export function ActionFailure<T>(props: { state: ActionState<T> }): JSX.Element {
  const i18n = useI18n();
  const failed = () => (props.state.status === 'failed' ? { error: props.state.error } : null);
  return <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>;
}
