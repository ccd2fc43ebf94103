import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { ActionFailure } from '../../api/action-failure.tsx';
import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TypedConfirm } from '../../ui/typed-confirm.tsx';
import { useNodeText } from './node-text.ts';
import { isNodeScope } from './node-types.ts';
import type { NodeDetail, NodeScope } from './node-types.ts';
import { ScopesField } from './scopes-field.tsx';

type DialogProps = { node: NodeDetail; onClose: () => void; onDone: () => void };

/** For good: its id and its key stay taken, so the name is typed. */
export function RevokeDialog(props: DialogProps): JSX.Element {
  const { t } = useNodeText();
  const { client } = useApi();
  const request = createAction(({ id, name }: NodeDetail) =>
    client.nodes.revoke.mutate({ id, confirmName: name }),
  );
  async function revoke(): Promise<void> {
    if ((await request.run(props.node)) !== null) props.onDone();
  }
  return (
    <TypedConfirm
      title={t('revoke.title', { name: props.node.name })}
      name={props.node.name}
      submitLabel={t('revoke.submit')}
      isDanger
      isBusy={request.state().status === 'running'}
      failure={<ActionFailure state={request.state()} />}
      onConfirm={() => void revoke()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('revoke.text')}</p>
      <ul class="list-disc ps-5 text-body">
        <li>{t('revoke.tokens')}</li>
        <li>{t('revoke.directory')}</li>
        <li>{t('revoke.final')}</li>
      </ul>
    </TypedConfirm>
  );
}

/** The node can prove its key again, so one question is enough. */
export function EndSignInsDialog(props: DialogProps): JSX.Element {
  const { t } = useNodeText();
  const { client } = useApi();
  const request = createAction((id: string) => client.nodes.endSignIns.mutate({ id }));
  async function end(): Promise<void> {
    if ((await request.run(props.node.id)) !== null) props.onDone();
  }
  return (
    <ConfirmDialog
      title={t('endAll.title', { name: props.node.name })}
      submitLabel={t('endAll.submit')}
      isBusy={request.state().status === 'running'}
      onConfirm={() => void end()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('endAll.text')}</p>
      <ActionFailure state={request.state()} />
    </ConfirmDialog>
  );
}

/** What the node may from now on, with the tokens it has as well. */
export function ScopesDialog(props: DialogProps): JSX.Element {
  const { t } = useNodeText();
  const i18n = useI18n();
  const { client } = useApi();
  // As it was when the dialog opened: a refresh must not change what is being chosen.
  const [chosen, setChosen] = createSignal<readonly NodeScope[]>(props.node.scopes);
  const request = createAction((scopes: readonly NodeScope[]) =>
    client.nodes.setScopes.mutate({ id: props.node.id, scopes: [...scopes] }),
  );
  const isSending = () => request.state().status === 'running';
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if ((await request.run(chosen())) !== null) props.onDone();
  }
  return (
    <Dialog
      title={t('scopes.title', { name: props.node.name })}
      lead={t('scopes.lead')}
      isBusy={isSending()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <ScopesField
            chosen={chosen()}
            error={null}
            onChange={(names) => setChosen(names.filter(isNodeScope))}
          />
          <ActionFailure state={request.state()} />
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isSending()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isSending()}>
            {t('scopes.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
