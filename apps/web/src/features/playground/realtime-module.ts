import type * as client from '@ephemera/realtime-client';

export type RealtimeModule = typeof client;

export type RealtimeLoader = {
  /** The module, if it is here already. */
  peek(): RealtimeModule | null;
  load(): Promise<RealtimeModule>;
};

/** The client brings the wire schemas with it: fetched after the page is drawn, and before anyone can press Talk. */
export function createRealtimeLoader(fetchModule: () => Promise<RealtimeModule>): RealtimeLoader {
  let loaded: RealtimeModule | null = null;
  let pending: Promise<RealtimeModule> | null = null;
  return {
    peek: () => loaded,
    load() {
      pending ??= fetchModule().then(
        (module) => {
          loaded = module;
          return module;
        },
        (cause: unknown) => {
          pending = null;
          throw cause;
        },
      );
      return pending;
    },
  };
}
