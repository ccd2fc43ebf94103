import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { TypedConfirm } from '../../ui/typed-confirm.tsx';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export type ConfirmProps = {
  summary: KeySummary;
  now: number;
  onClose: () => void;
  onDone: () => void;
};

/** What tells whether somebody would miss the key. */
function Use(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t, plural, format } = useKeyText();
  const lastUsed = (at: string) =>
    t('confirm.lastUsed', { time: format().relative(new Date(at), new Date(props.now)) });
  return (
    <Show when={props.summary.lastUsedAt !== null || props.summary.openSessions > 0}>
      <ul class="list-disc ps-5 text-body">
        <Show when={props.summary.lastUsedAt}>{(at) => <li>{lastUsed(at())}</li>}</Show>
        <Show when={props.summary.openSessions > 0}>
          <li>{plural('sessions.open', props.summary.openSessions)}</li>
        </Show>
      </ul>
    </Show>
  );
}

/** It can be enabled again, so one question is enough. */
export function DisableDialog(props: ConfirmProps): JSX.Element {
  const { t } = useKeyText();
  const { client } = useApi();
  const request = createAction((id: string) => client.accessKeys.disable.mutate({ id }));
  async function disable(): Promise<void> {
    if ((await request.run(props.summary.id)) !== null) props.onDone();
  }
  return (
    <ConfirmDialog
      title={t('disable.title', { name: props.summary.name })}
      submitLabel={t('disable.submit')}
      isBusy={request.state().status === 'running'}
      onConfirm={() => void disable()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('disable.text')}</p>
      <Use summary={props.summary} now={props.now} />
      <ActionFailure state={request.state()} />
    </ConfirmDialog>
  );
}

/** For good: the name is typed. The grace of a former secret is ended the same way. */
export function RevokeDialog(props: ConfirmProps & { kind: 'revoke' | 'endGrace' }): JSX.Element {
  const { t } = useKeyText();
  const { client } = useApi();
  const request = createAction((key: KeySummary) =>
    client.accessKeys.revoke.mutate({ id: key.id, confirmName: key.name }),
  );
  async function revoke(): Promise<void> {
    if ((await request.run(props.summary)) !== null) props.onDone();
  }
  return (
    <TypedConfirm
      title={t(`${props.kind}.title`, { name: props.summary.name })}
      name={props.summary.name}
      submitLabel={t(`${props.kind}.submit`)}
      isDanger
      isBusy={request.state().status === 'running'}
      failure={<ActionFailure state={request.state()} />}
      onConfirm={() => void revoke()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t(`${props.kind}.text`)}</p>
      <Use summary={props.summary} now={props.now} />
    </TypedConfirm>
  );
}
