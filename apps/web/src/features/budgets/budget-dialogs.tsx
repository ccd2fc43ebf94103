import { createSignal, lazy, Match, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import type { BudgetTarget } from './budget-form.ts';
import { useLimitText } from './limit-text.ts';

const BudgetDialog = lazy(async () => ({ default: (await import('./budget-dialog.tsx')).BudgetDialog }));
const RemoveDialog = lazy(async () => ({ default: (await import('./remove-dialog.tsx')).RemoveDialog }));

type OpenDialog = { kind: 'none' } | { kind: 'set' | 'remove'; target: BudgetTarget };

export type BudgetDialogs = {
  open: () => OpenDialog;
  edit: (target: BudgetTarget) => void;
  remove: (target: BudgetTarget) => void;
  close: () => void;
  /** What was done last, for the status line. */
  news: () => string;
  tell: (text: string) => void;
};

export function createBudgetDialogs(): BudgetDialogs {
  const [open, setOpen] = createSignal<OpenDialog>({ kind: 'none' });
  const [news, setNews] = createSignal('');
  return {
    open,
    news,
    tell: setNews,
    edit: (target) => setOpen({ kind: 'set', target }),
    remove: (target) => setOpen({ kind: 'remove', target }),
    close: () => setOpen({ kind: 'none' }),
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
