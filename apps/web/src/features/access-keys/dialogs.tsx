import { lazy, Match, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import type { KeyAction } from './key-actions.ts';
import { useKeyText } from './key-text.ts';
import type { KeyList, KeySummary } from './key-types.ts';
import type { Revealed } from './reveal-dialog.tsx';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';

/** With the dialog that makes a secret comes the one that shows it: a secret that cannot be shown is lost. */
async function loadWithReveal<T>(dialog: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([dialog, import('./reveal-dialog.tsx')]);
  return loaded;
}

const CreateDialog = lazy(async () => ({
  default: (await loadWithReveal(import('./form-dialog.tsx'))).CreateDialog,
}));
const EditDialog = lazy(async () => ({ default: (await import('./form-dialog.tsx')).EditDialog }));
const RotateDialog = lazy(async () => ({
  default: (await loadWithReveal(import('./rotate-dialog.tsx'))).RotateDialog,
}));
const RevealDialog = lazy(async () => ({ default: (await import('./reveal-dialog.tsx')).RevealDialog }));
const DisableDialog = lazy(async () => ({ default: (await import('./confirm-dialogs.tsx')).DisableDialog }));
const RevokeDialog = lazy(async () => ({ default: (await import('./confirm-dialogs.tsx')).RevokeDialog }));

type DialogAction = Exclude<KeyAction, 'enable'>;

export type OpenDialog =
  | { kind: 'none' }
  | { kind: 'create' }
  | { kind: DialogAction; key: KeySummary }
  | { kind: 'reveal'; revealed: Revealed };

type Shown = Exclude<OpenDialog, { kind: 'none' }>;

export type KeyDialogs = Omit<DialogState<Shown>, 'show' | 'doNow'> & {
  show: (key: KeySummary, action: KeyAction) => void;
  showCreate: () => void;
  reveal: (revealed: Revealed) => void;
};

export function createKeyDialogs(onChanged: () => void): KeyDialogs {
  const { client } = useApi();
  const { t } = useKeyText();
  const { doNow, show, ...state } = createDialogState<Shown>();
  return {
    ...state,
    show(key, action) {
      if (action !== 'enable') return show({ kind: action, key });
      // Back into use needs no question: it takes nothing from anyone.
      const run = () => client.accessKeys.enable.mutate({ id: key.id });
      void doNow({ run, news: t('done.enable', { name: key.name }), onChanged });
    },
    showCreate: () => show({ kind: 'create' }),
    reveal: (revealed) => show({ kind: 'reveal', revealed }),
  };
}

type DialogsProps = { dialogs: KeyDialogs; list: KeyList; now: number; onChanged: () => void };

function ConfirmDialogs(props: DialogsProps): JSX.Element {
  const { t } = useKeyText();
  const asked = (kind: 'disable' | 'revoke' | 'endGrace') => {
    const open = props.dialogs.open();
    return open.kind === kind ? open.key : null;
  };
  function finish(action: 'disable' | 'revoke' | 'endGrace', key: KeySummary): void {
    props.dialogs.close();
    props.dialogs.tell(t(`done.${action}`, { name: key.name }));
    // What is revoked leaves the list, and the focus with it.
    if (action !== 'disable') document.querySelector<HTMLElement>('h1')?.focus();
    props.onChanged();
  }
  return (
    <Switch>
      <Match when={asked('disable')}>
        {(key) => (
          <DisableDialog
            summary={key()}
            now={props.now}
            onClose={props.dialogs.close}
            onDone={() => finish('disable', key())}
          />
        )}
      </Match>
      <Match when={asked('revoke')}>
        {(key) => (
          <RevokeDialog
            kind="revoke"
            summary={key()}
            now={props.now}
            onClose={props.dialogs.close}
            onDone={() => finish('revoke', key())}
          />
        )}
      </Match>
      <Match when={asked('endGrace')}>
        {(key) => (
          <RevokeDialog
            kind="endGrace"
            summary={key()}
            now={props.now}
            onClose={props.dialogs.close}
            onDone={() => finish('endGrace', key())}
          />
        )}
      </Match>
    </Switch>
  );
}

/** All dialogs of the keys, each loaded when it is first asked for. A new secret is revealed by the dialog that takes the place of the one that made it. */
export function KeyActionDialogs(props: DialogsProps): JSX.Element {
  const { t } = useKeyText();
  const keyFor = (kind: 'edit' | 'rotate') => {
    const open = props.dialogs.open();
    return open.kind === kind ? open.key : null;
  };
  const revealed = () => {
    const open = props.dialogs.open();
    return open.kind === 'reveal' ? open.revealed : null;
  };
  function reveal(next: Revealed): void {
    props.dialogs.reveal(next);
    props.onChanged();
  }
  return (
    <Suspense>
      <Switch>
        <Match when={props.dialogs.open().kind === 'create'}>
          <CreateDialog
            choices={props.list}
            now={props.now}
            onClose={props.dialogs.close}
            onCreated={(created) => reveal({ ...created, old: null })}
          />
        </Match>
        <Match when={keyFor('edit')}>
          {(key) => (
            <EditDialog
              summary={key()}
              choices={props.list}
              now={props.now}
              onClose={props.dialogs.close}
              onSaved={(saved) => {
                props.dialogs.close();
                props.dialogs.tell(t('done.edit', { name: saved.name }));
                props.onChanged();
              }}
            />
          )}
        </Match>
        <Match when={keyFor('rotate')}>
          {(key) => (
            <RotateDialog summary={key()} now={props.now} onClose={props.dialogs.close} onRotated={reveal} />
          )}
        </Match>
        <Match when={revealed()}>
          {(shown) => <RevealDialog revealed={shown()} now={props.now} onClose={props.dialogs.close} />}
        </Match>
      </Switch>
      <ConfirmDialogs {...props} />
    </Suspense>
  );
}
