export type RewrapAnswer = { rewrapped: number; remaining: number; failed: readonly unknown[] };

export type RewrapState =
  | { status: 'idle' }
  | { status: 'running'; done: number; total: number }
  | { status: 'stopped'; done: number; total: number }
  | { status: 'finished'; done: number; failed: number }
  | { status: 'broken'; error: unknown };

export type RewrapOptions = {
  total: number;
  rewrap: () => Promise<RewrapAnswer>;
  isStopped: () => boolean;
  onState: (state: RewrapState) => void;
};

/** Batch after batch until nothing is left, nothing moves any more, or somebody stops it. It goes on where it was. */
export async function runRewrap(options: RewrapOptions): Promise<void> {
  let done = 0;
  for (;;) {
    options.onState({ status: 'running', done, total: Math.max(options.total, done) });
    const answer = await options.rewrap();
    done += answer.rewrapped;
    if (answer.remaining === 0 || answer.rewrapped === 0) {
      options.onState({ status: 'finished', done, failed: Math.max(answer.remaining, answer.failed.length) });
      return;
    }
    if (options.isStopped()) {
      options.onState({ status: 'stopped', done, total: done + answer.remaining });
      return;
    }
  }
}
