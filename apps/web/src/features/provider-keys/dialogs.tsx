import { createSignal, lazy, Match, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import type { KeyAction } from './key-actions.ts';
import type { ConfirmedAction } from './confirm-dialog.tsx';
import { isLastUsable } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeyList, KeySummary, ProviderChoice } from './key-types.ts';

const ConfirmDialog = lazy(async () => ({ default: (await import('./confirm-dialog.tsx')).ConfirmDialog }));
const RotateDialog = lazy(async () => ({ default: (await import('./rotate-dialog.tsx')).RotateDialog }));
const TestDialog = lazy(async () => ({ default: (await import('./test-dialog.tsx')).TestDialog }));

export type OpenDialog =
  | { kind: 'none' }
  | { kind: 'add' }
  | { kind: 'test' | 'rotate' | ConfirmedAction; key: KeySummary };

export type KeyDialogs = {
  open: () => OpenDialog;
  show: (key: KeySummary, action: KeyAction) => void;
  showAdd: () => void;
  close: () => void;
  /** What was done last, for the status line. */
  news: () => string;
  tell: (text: string) => void;
  problem: () => { error: unknown } | null;
};

/** Which dialog is open, and what became of the last action. */
export function createKeyDialogs(onChanged: () => void): KeyDialogs {
  const { client } = useApi();
  const { t } = useKeyText();
  const [open, setOpen] = createSignal<OpenDialog>({ kind: 'none' });
  const [news, setNews] = createSignal('');
  const [problem, setProblem] = createSignal<{ error: unknown } | null>(null);

  async function enable(key: KeySummary): Promise<void> {
    setProblem(null);
    await client.keys.enable.mutate({ id: key.id }).then(
      () => setNews(t('done.enable', { name: key.name })),
      (error: unknown) => setProblem({ error }),
    );
    onChanged();
  }

  return {
    open,
    news,
    tell: setNews,
    problem,
    show(key, action) {
      setProblem(null);
      // Back into use needs no second question: it takes nothing from anyone.
      if (action === 'enable') void enable(key);
      else setOpen({ kind: action, key });
    },
    showAdd: () => setOpen({ kind: 'add' }),
    close: () => setOpen({ kind: 'none' }),
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
