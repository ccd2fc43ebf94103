import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

export type DialogState<Open> = {
  /** The dialog that is open. */
  open: Accessor<Open | { kind: 'none' }>;
  show: (next: Open) => void;
  close: () => void;
  /** What was done last, for the status line. */
  news: Accessor<string>;
  tell: (text: string) => void;
  problem: Accessor<{ error: unknown } | null>;
  /** For what needs no question: done at once, and told, whichever way it went. */
  doNow: (act: { run: () => Promise<unknown>; news: string; onChanged: () => void }) => Promise<void>;
};

/** Which of a page's dialogs is open, and what became of the last action. */
export function createDialogState<Open extends { kind: string }>(): DialogState<Open> {
  const [open, setOpen] = createSignal<Open | { kind: 'none' }>({ kind: 'none' });
  const [news, tell] = createSignal('');
  const [problem, setProblem] = createSignal<{ error: unknown } | null>(null);
  return {
    open,
    news,
    problem,
    tell: (text) => void tell(text),
    show(next) {
      setProblem(null);
      setOpen(() => next);
    },
    // A dialog may hold the only copy of a new secret: it is let go of here.
    close: () => void setOpen({ kind: 'none' }),
    async doNow({ run, news: text, onChanged }) {
      setProblem(null);
      await run().then(
        () => void tell(text),
        (error: unknown) => void setProblem({ error }),
      );
      onChanged();
    },
  };
}
