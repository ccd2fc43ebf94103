import CircleAlert from 'lucide-solid/icons/circle-alert';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import type { ActionState } from '../../ui/action.ts';
import { ErrorNotice, Notice } from '../../ui/states.tsx';
import { findConflict } from './conflict.ts';
import { useKeyText } from './key-text.ts';

/** A refusal in a dialog. A conflict is told by what it collides with, everything else by its code. */
export function KeyErrorNotice(props: { error: unknown }): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const conflict = () => {
    const found = findConflict(props.error);
    if (found === null) return null;
    if (found.kind === 'state') return t('conflict.state');
    return found.name === null ? t('conflict.unnamed') : t('conflict.named', { name: found.name });
  };
  return (
    <Show when={conflict()} fallback={<ErrorNotice error={toUiError(props.error, i18n.t)} />}>
      {(text) => (
        <Notice tone="danger" icon={<CircleAlert aria-hidden="true" />} isAlert>
          <p class="font-medium">{text()}</p>
        </Notice>
      )}
    </Show>
  );
}

/** What became of a request that failed; nothing for any other. */
export function ActionFailure<T>(props: { state: ActionState<T> }): JSX.Element {
  const failed = () => (props.state.status === 'failed' ? { error: props.state.error } : null);
  return <Show when={failed()}>{(failure) => <KeyErrorNotice error={failure().error} />}</Show>;
}
