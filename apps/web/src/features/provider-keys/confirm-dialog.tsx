import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Notice } from '../../ui/states.tsx';
import { TypedConfirm } from '../../ui/typed-confirm.tsx';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export type ConfirmedAction = 'disable' | 'drain' | 'delete';

function createConfirmation(action: ConfirmedAction) {
  const { client } = useApi();
  return createAction(async (key: KeySummary): Promise<void> => {
    if (action === 'delete') await client.keys.delete.mutate({ id: key.id, confirmName: key.name });
    else await client.keys[action].mutate({ id: key.id });
  });
}

function Consequences(props: { action: ConfirmedAction; summary: KeySummary; isLast: boolean }): JSX.Element {
  const { t, plural } = useKeyText();
  return (
    <>
      <p class="text-body text-text-2">{t(`confirm.${props.action}.text`)}</p>
      <Show when={props.summary.openSessions > 0}>
        <p class="text-body">{plural('sessions.open', props.summary.openSessions)}</p>
      </Show>
      <Show when={props.isLast}>
        <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
          {t('confirm.last', { provider: props.summary.providerName })}
        </Notice>
      </Show>
    </>
  );
}

/** What takes a key out of use. */
export function ConfirmDialog(props: {
  action: ConfirmedAction;
  summary: KeySummary;
  /** Without it no token can be minted. */
  isLast: boolean;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { t } = useKeyText();
  const request = createConfirmation(props.action);
  async function confirm(): Promise<void> {
    await request.run(props.summary);
    if (request.state().status === 'done') props.onDone();
  }
  return (
    <TypedConfirm
      title={t(`confirm.${props.action}.title`, { name: props.summary.name })}
      name={props.summary.name}
      submitLabel={t(`confirm.${props.action}.submit`)}
      isDanger={props.action === 'delete'}
      isBusy={request.state().status === 'running'}
      failure={<ActionFailure state={request.state()} />}
      onConfirm={() => void confirm()}
      onClose={props.onClose}
    >
      <Consequences action={props.action} summary={props.summary} isLast={props.isLast} />
    </TypedConfirm>
  );
}
