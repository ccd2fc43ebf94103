import { createMemo, Show } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import type { ActionState } from '../../ui/action.ts';
import { createNow } from '../../ui/now.ts';
import { ErrorNotice } from '../../ui/states.tsx';
import { findAuthFailure } from './auth-failure.ts';
import type { AuthFailure } from './auth-failure.ts';
import { LockNotice } from './lock-notice.tsx';

/** The failure of a request, judged once: a lock counts from the moment of its answer. */
export function createAuthFailure(state: Accessor<ActionState<unknown>>): Accessor<AuthFailure | null> {
  return createMemo(() => findAuthFailure(state(), Date.now()));
}

/** What has no field to stand at. */
export function AuthFailureNotice(props: { failure: AuthFailure | null }): JSX.Element {
  const i18n = useI18n();
  const now = createNow();
  const lock = () => (props.failure?.kind === 'locked' ? props.failure.lock : null);
  const failed = () => (props.failure?.kind === 'failed' ? props.failure : null);
  return (
    <>
      <Show when={lock()}>{(found) => <LockNotice lock={found()} now={now()} />}</Show>
      <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>
    </>
  );
}
