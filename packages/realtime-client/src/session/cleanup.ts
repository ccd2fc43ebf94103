import { runApart } from '../run-apart.ts';

/** What must be undone when the call is over, latest first; a thing that arrives after the end is undone at once. */
export type Cleanup = {
  readonly isDone: boolean;
  add(undo: () => void): void;
  run(): void;
};

export function createCleanup(): Cleanup {
  const undos: (() => void)[] = [];
  let isDone = false;
  return {
    get isDone() {
      return isDone;
    },
    add(undo) {
      if (isDone) undo();
      else undos.unshift(undo);
    },
    run() {
      isDone = true;
      for (const undo of undos.splice(0)) runApart(undo);
    },
  };
}
