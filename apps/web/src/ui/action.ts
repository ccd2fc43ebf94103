import { createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

export type ActionState<T> =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'failed'; error: unknown }
  | { status: 'done'; value: T };

export type Action<TInput, TOutput> = {
  state: Accessor<ActionState<TOutput>>;
  /** Resolves to the value, or to `null` when it failed or nobody waits for it any more. */
  run: (input: TInput) => Promise<TOutput | null>;
  reset: () => void;
};

/**
 * One request of a form. Unlike a mutation of the query client it forgets its input at once, which may be a secret, and
 * an answer that comes after a reset changes nothing.
 */
export function createAction<TInput, TOutput>(
  send: (input: TInput) => Promise<TOutput>,
): Action<TInput, TOutput> {
  const [state, setState] = createSignal<ActionState<TOutput>>({ status: 'idle' });
  let turn = 0;
  onCleanup(() => {
    turn += 1;
  });

  async function run(input: TInput): Promise<TOutput | null> {
    turn += 1;
    const mine = turn;
    setState({ status: 'running' });
    const next = await send(input).then(
      (value): ActionState<TOutput> => ({ status: 'done', value }),
      (error: unknown): ActionState<TOutput> => ({ status: 'failed', error }),
    );
    if (mine !== turn) return null;
    setState(next);
    return next.status === 'done' ? next.value : null;
  }

  return {
    state,
    run,
    reset() {
      turn += 1;
      setState({ status: 'idle' });
    },
  };
}
