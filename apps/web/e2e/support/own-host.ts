import { startHost, type Host } from './host.ts';
import { test as base } from './operator-page.ts';

/** A host that no other suite talks to: for what is counted of all, and for what is set for all. */
export const test = base.extend<object, { host: Host }>({
  host: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const host = await startHost();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],
});
