import { lazy, Match, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';
import type { BudgetTarget } from './budget-form.ts';
import { useLimitText } from './limit-text.ts';

const BudgetDialog = lazy(async () => ({ default: (await import('./budget-dialog.tsx')).BudgetDialog }));
const RemoveDialog = lazy(async () => ({ default: (await import('./remove-dialog.tsx')).RemoveDialog }));

type Shown = { kind: 'set' | 'remove'; target: BudgetTarget };

export type BudgetDialogs = Pick<DialogState<Shown>, 'open' | 'close' | 'news' | 'tell'> & {
  edit: (target: BudgetTarget) => void;
  remove: (target: BudgetTarget) => void;
};

export function createBudgetDialogs(): BudgetDialogs {
  const { open, close, news, tell, show } = createDialogState<Shown>();
  return {
    open,
    close,
    news,
    tell,
    edit: (target) => show({ kind: 'set', target }),
    remove: (target) => show({ kind: 'remove', target }),
  };
}

/** Whichever dialog about a budget is open; what it did is told, and asked for anew. */
export function OpenBudgetDialog(props: { dialogs: BudgetDialogs; onChanged: () => void }): JSX.Element {
  const { t } = useLimitText();
  const targetOf = (kind: 'set' | 'remove') => {
    const open = props.dialogs.open();
    return open.kind === kind ? open.target : null;
  };
  function finish(text: string): void {
    props.dialogs.close();
    props.dialogs.tell(text);
    props.onChanged();
  }
  return (
    <Suspense>
      <Switch>
        <Match when={targetOf('set')}>
          {(target) => (
            <BudgetDialog
              target={target()}
              onClose={props.dialogs.close}
              onSaved={(name) => finish(t('done.set', { name }))}
            />
          )}
        </Match>
        <Match when={targetOf('remove')}>
          {(target) => (
            <RemoveDialog
              target={target()}
              onClose={props.dialogs.close}
              onRemoved={(name) => finish(t('done.remove', { name }))}
            />
          )}
        </Match>
      </Switch>
    </Suspense>
  );
}
