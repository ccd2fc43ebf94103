import { type ApiDependencies, tidyMessages, tidySessions } from '@ephemera/api';

const EVERY_MS = 15_000;

async function tidy(api: ApiDependencies): Promise<void> {
  await tidySessions(api);
  await tidyMessages(api);
}

/**
 * Closes what is over though nobody looks, until it is disposed of. Nothing depends on it: whoever mints or reads goes by
 * the clock.
 */
export function startTidying(api: ApiDependencies): AsyncDisposable {
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= tidy(api).finally(() => {
      underWay = null;
    });
  }, EVERY_MS);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await underWay;
    },
  };
}
