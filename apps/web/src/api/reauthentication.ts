import type { AppRouter } from '@ephemera/api';
import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

/** Asks whoever sits at the page to prove again who they are, however many requests need it at once. */
export type Reauthentication = {
  /** Resolves to whether it was done. Without a page that can ask it was not. */
  ask: () => Promise<boolean>;
  /** Whether somebody waits for it. */
  isAsked: Accessor<boolean>;
  settle: (isDone: boolean) => void;
  /** From now on there is a page that can ask, until the returned function is called. */
  host: () => () => void;
};

export function createReauthentication(): Reauthentication {
  const [isAsked, setIsAsked] = createSignal(false);
  let waiting: ((isDone: boolean) => void)[] = [];
  let hosts = 0;

  function settle(isDone: boolean): void {
    const settled = waiting;
    waiting = [];
    setIsAsked(false);
    for (const resolve of settled) resolve(isDone);
  }

  return {
    isAsked,
    settle,
    ask() {
      if (hosts === 0) return Promise.resolve(false);
      setIsAsked(true);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    host() {
      hosts += 1;
      return () => {
        hosts -= 1;
        if (hosts === 0) settle(false);
      };
    },
  };
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

export function needsReauthentication(error: unknown): boolean {
  return readField(readField(error, 'data'), 'appCode') === 'reauthentication_required';
}

/** A request that needs a fresh sign-in is sent again once there is one; the page that sent it just waits longer. */
export function createReauthenticationLink(ask: () => Promise<boolean>): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let isGone = false;
        let current: { unsubscribe: () => void } | null = null;
        async function askAndRepeat(error: TRPCClientError<AppRouter>): Promise<void> {
          const isDone = await ask();
          if (isGone) return;
          if (isDone) attempt((last) => observer.error(last));
          else observer.error(error);
        }
        function attempt(onError: (error: TRPCClientError<AppRouter>) => void): void {
          current = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: onError,
          });
        }
        attempt((error) => {
          if (needsReauthentication(error)) void askAndRepeat(error);
          else observer.error(error);
        });
        return () => {
          isGone = true;
          current?.unsubscribe();
        };
      });
}
