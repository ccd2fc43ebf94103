import { test as base } from 'vitest';

import { startHost, type TestHost } from './host.ts';

/** Tests that share one host per file; a file starts from an empty database. */
export function createHostTest(overrides: Record<string, string> = {}) {
  return base.extend<{ host: TestHost }>({
    host: [
      // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
      async ({}, use) => {
        await using host = await startHost(overrides);
        await use(host);
      },
      { scope: 'file' },
    ],
  });
}

export const test = createHostTest();
