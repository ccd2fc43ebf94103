import { lazy, Match, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import type { KeyAction } from './key-actions.ts';
import type { ConfirmedAction } from './confirm-dialog.tsx';
import { isLastUsable } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeyList, KeySummary, ProviderChoice } from './key-types.ts';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';

const ConfirmDialog = lazy(async () => ({ default: (await import('./confirm-dialog.tsx')).ConfirmDialog }));
const RotateDialog = lazy(async () => ({ default: (await import('./rotate-dialog.tsx')).RotateDialog }));
const TestDialog = lazy(async () => ({ default: (await import('./test-dialog.tsx')).TestDialog }));

export type OpenDialog =
  | { kind: 'none' }
  | { kind: 'add' }
  | { kind: 'test' | 'rotate' | ConfirmedAction; key: KeySummary };

type Shown = Exclude<OpenDialog, { kind: 'none' }>;

export type KeyDialogs = Omit<DialogState<Shown>, 'show' | 'doNow'> & {
  show: (key: KeySummary, action: KeyAction) => void;
  showAdd: () => void;
};

export function createKeyDialogs(onChanged: () => void): KeyDialogs {
  const { client } = useApi();
  const { t } = useKeyText();
  const { doNow, show, ...state } = createDialogState<Shown>();
  return {
    ...state,
    show(key, action) {
      if (action !== 'enable') return show({ kind: action, key });
      // Back into use needs no second question: it takes nothing from anyone.
      const run = () => client.keys.enable.mutate({ id: key.id });
      void doNow({ run, news: t('done.enable', { name: key.name }), onChanged });
    },
    showAdd: () => show({ kind: 'add' }),
  };
}

type DialogsProps = {
  dialogs: KeyDialogs;
  list: KeyList;
  now: number;
  onChanged: () => void;
  onDeleted?: () => void;
};

function isConfirmed(kind: OpenDialog['kind']): kind is ConfirmedAction {
  return kind === 'disable' || kind === 'drain' || kind === 'delete';
}

/** A provider that the catalogue of this server no longer has can be replaced, but not tested. */
function findProvider(list: KeyList, key: KeySummary): ProviderChoice {
  const { provider: id, providerName: name } = key;
  return list.providers.find((provider) => provider.id === id) ?? { id, name, canTest: false, keyHint: '…' };
}

/** The row of a deleted key takes the focus with it. */
function leaveDeleted(onDeleted: (() => void) | undefined): void {
  document.querySelector<HTMLElement>('h1')?.focus();
  onDeleted?.();
}

/** Dialogs about one key. They show the key as it is now, not as it was when they opened. */
export function KeyActionDialogs(props: DialogsProps): JSX.Element {
  const { t } = useKeyText();
  const current = () => {
    const open = props.dialogs.open();
    if (open.kind === 'none' || open.kind === 'add') return null;
    return props.list.items.find((key) => key.id === open.key.id) ?? open.key;
  };
  const kind = () => props.dialogs.open().kind;
  const keyFor = (wanted: 'test' | 'rotate') => (kind() === wanted ? current() : null);
  const confirmed = () => {
    const [action, key] = [kind(), current()];
    return isConfirmed(action) && key !== null ? { action, key } : null;
  };
  const isLast = (key: KeySummary) => isLastUsable(key, props.list.items);
  function finish(action: ConfirmedAction, key: KeySummary): void {
    props.dialogs.close();
    props.dialogs.tell(t(`done.${action}`, { name: key.name }));
    if (action === 'delete') leaveDeleted(props.onDeleted);
    props.onChanged();
  }
  return (
    <Suspense>
      <Switch>
        <Match when={keyFor('test')}>
          {(key) => (
            <TestDialog
              summary={key()}
              now={props.now}
              onClose={props.dialogs.close}
              onTested={props.onChanged}
            />
          )}
        </Match>
        <Match when={keyFor('rotate')}>
          {(key) => (
            <RotateDialog
              summary={key()}
              provider={findProvider(props.list, key())}
              now={props.now}
              onClose={props.dialogs.close}
              onRotated={props.onChanged}
            />
          )}
        </Match>
        <Match when={confirmed()}>
          {(asked) => (
            <ConfirmDialog
              action={asked().action}
              summary={asked().key}
              isLast={isLast(asked().key)}
              onClose={props.dialogs.close}
              onDone={() => finish(asked().action, asked().key)}
            />
          )}
        </Match>
      </Switch>
    </Suspense>
  );
}
