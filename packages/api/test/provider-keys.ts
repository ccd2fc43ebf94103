import { test as base } from 'vitest';

import { addProviderKey } from '../src/services/provider-keys/add.ts';
import type { TestApi } from './fixtures.ts';
import { createTestApi, OPERATOR } from './fixtures.ts';

export const KEY = 'sk-CANARY-stored-key-0001';
export const OTHER_KEY = 'sk-CANARY-stored-key-0002';

/** Each test has a database of its own, and a pool without a key in it. */
export const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi({ environmentKeys: [] });
    await use(api);
  },
});

export async function add(api: TestApi, key = KEY, name = 'Main') {
  return (await addProviderKey(api.as(OPERATOR), { provider: 'openai', name, key })).key;
}

export async function readAudit(api: TestApi) {
  return await api.database.read(
    'select action, actor_kind, actor_id, target, result, details from audit_entries order by id',
  );
}
