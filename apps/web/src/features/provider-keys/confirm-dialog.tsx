import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export type ConfirmedAction = 'disable' | 'drain' | 'delete';

/** A name is typed back as it reads: spaces around it and its case do not matter to a person, its letters do. */
export function isNameTyped(typed: string, name: string): boolean {
  return typed.trim() === name.trim();
}

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

/** What takes a key out of use asks for its name: the wrong row is one click away. */
export function ConfirmDialog(props: {
  action: ConfirmedAction;
  summary: KeySummary;
  /** Without it no token can be minted. */
  isLast: boolean;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { t } = useKeyText();
  const [typed, setTyped] = createSignal('');
  const request = createConfirmation(props.action);
  const isSending = () => request.state().status === 'running';
  const isReady = () => isNameTyped(typed(), props.summary.name) && !isSending();
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!isReady()) return;
    await request.run(props.summary);
    if (request.state().status === 'done') props.onDone();
  }
  return (
    <Dialog
      title={t(`confirm.${props.action}.title`, { name: props.summary.name })}
      closeLabel={t('close')}
      isBusy={isSending()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" autocomplete="off" onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <Consequences action={props.action} summary={props.summary} isLast={props.isLast} />
          <Field id="confirm-name" label={t('confirm.type', { name: props.summary.name })}>
            <input
              id="confirm-name"
              class="field"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              autofocus
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </Field>
          <ActionFailure state={request.state()} />
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isSending()} onClick={() => props.onClose()}>
            {t('cancel')}
          </Button>
          <Button
            type="submit"
            variant={props.action === 'delete' ? 'danger' : 'primary'}
            disabled={!isReady()}
          >
            {t(`confirm.${props.action}.submit`)}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
