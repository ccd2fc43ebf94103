import { createMailboxGlance } from '@ephemera/api';
import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createApp, ROUTES } from './app.ts';
import { parseConfig } from './config.ts';
import { createDependencies } from './dependencies.ts';

const ignore = (): void => undefined;

test('an app has the routes of the table and no other', async ({ expect }) => {
  await using database = await createTestDatabase();
  const app = createApp(
    createDependencies(parseConfig({}, 'node'), {
      database,
      send: () => Promise.reject(new Error('nobody is asked')),
      assets: { find: () => Promise.resolve(null) },
      clock: { now: () => 0 },
      logger: { info: ignore, warn: ignore, error: ignore },
      mailboxes: createMailboxGlance(),
      baseUrl: 'http://127.0.0.1:8787',
      upstream: { baseUrl: 'http://127.0.0.1:1/v1', organizationId: null, projectId: null },
      environmentKeys: [],
      bootstrapToken: null,
      extraConnectOrigins: [],
    }),
  );
  const routes = app.routes.filter(({ method }) => method !== 'ALL');
  const table = ROUTES.flatMap(({ methods, path }) => methods.map((method) => `${method} ${path}`));
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(table);
  expect(app.routes.length - routes.length).toBe(1);
});
