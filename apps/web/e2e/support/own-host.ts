import { useHost } from './fixtures.ts';
import type { Host } from './host.ts';
import { test as base } from './operator-page.ts';

/** A host that no other suite talks to: for what is counted of all, and for what is set for all. */
export const test = base.extend<object, { host: Host }>({ host: [useHost, { scope: 'worker' }] });
