import { fileURLToPath } from 'node:url';

import { createTestHarness } from 'wrangler';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** A Worker of this folder in an isolate of the real workerd. */
export async function startWorker(file: string, vars: Record<string, string>) {
  const harness = createTestHarness({
    root: FOLDER,
    workers: [
      {
        config: {
          name: 'service-client-under-test',
          main: fileURLToPath(new URL(file, import.meta.url)),
          compatibility_date: '2026-10-20',
          compatibility_flags: ['enable_request_signal'],
          vars,
        },
      },
    ],
  });
  const { url } = await harness.listen();
  return {
    get: async (path: string): Promise<unknown> => (await fetch(new URL(path, url))).json(),
    leave: async (path: string, left: Promise<unknown>): Promise<void> => {
      const abort = new AbortController();
      const request = fetch(new URL(path, url), { signal: abort.signal }).catch(() => undefined);
      await left;
      abort.abort();
      await request;
    },
    [Symbol.asyncDispose]: () => harness.close(),
  };
}
