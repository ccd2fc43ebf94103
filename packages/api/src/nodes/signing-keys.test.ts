import { expect, test } from 'vitest';

import { createTestApi } from '../../test/fixtures.ts';
import type { TestApi } from '../../test/fixtures.ts';
import { ACCESS_TOKEN_SECONDS, createNodeTokens } from './access-tokens.ts';
import { createNodeSigningKeys } from './signing-keys.ts';

const DAY_MS = 24 * 3_600_000;
const NODE = { id: 'worker-1', scopes: ['nodes:read'] as const };
const SECRET = 'a secret of the tests, long enough';

/** A process of its own: nothing is shared but the database and the time. */
function openProcess({ database, clock }: TestApi) {
  const keys = createNodeSigningKeys({ database, clock, secret: SECRET });
  const tokens = createNodeTokens({ keys, clock, issuer: 'ephemera', audience: 'ephemera/nodes' });
  const listed = async (): Promise<string[]> => (await keys.listPublic()).map(({ kid }) => String(kid));
  return { keys, tokens, listed };
}

test('after thirty days another key signs, and the one before stays until its last token has expired', async () => {
  await using api = await createTestApi();
  const { keys, tokens, listed } = openProcess(api);
  const first = (await keys.current()).kid;
  api.clock.advance(30 * DAY_MS - 1_000);
  expect((await keys.current()).kid).toBe(first);
  const last = await tokens.sign(NODE);

  api.clock.advance(1_000);
  const second = (await keys.current()).kid;
  expect(second).not.toBe(first);
  expect((await listed()).toSorted()).toEqual([first, second].toSorted());
  expect(await tokens.check(last, first)).toMatchObject({ nodeId: NODE.id });

  api.clock.advance((ACCESS_TOKEN_SECONDS - 2) * 1_000);
  expect(await tokens.check(last, first)).toMatchObject({ nodeId: NODE.id });
  expect(await listed()).toContain(first);

  api.clock.advance(20 * 60_000);
  expect(await listed()).toEqual([second]);
  expect(await keys.findPublic(first)).toBeNull();
  await expect(tokens.check(last, second)).rejects.toThrow(/signature/);
});

test('a rotation by the clock is one rotation, however many processes see that it is time', async () => {
  await using api = await createTestApi();
  const processes = [openProcess(api), openProcess(api), openProcess(api)];
  const before = new Set(await Promise.all(processes.map(async ({ keys }) => (await keys.current()).kid)));
  api.clock.advance(31 * DAY_MS);
  const after = new Set(await Promise.all(processes.map(async ({ keys }) => (await keys.current()).kid)));
  expect([before.size, after.size]).toEqual([1, 1]);
  expect([...after]).not.toEqual([...before]);
  const rows = await api.database.read('select kid from node_signing_keys where retired_at is null');
  expect(rows).toEqual([{ kid: [...after][0] }]);
});

test('a token that another process signs in the minute of the rotation is good everywhere', async () => {
  await using api = await createTestApi();
  const [slow, quick] = [openProcess(api), openProcess(api)];
  const old = (await slow.keys.current()).kid;
  await quick.keys.rotate();
  const late = await slow.tokens.sign(NODE);
  expect(JSON.parse(atob(late.split('.')[0] ?? ''))).toMatchObject({ kid: old });
  expect(await quick.tokens.check(late, old)).toMatchObject({ nodeId: NODE.id });
  api.clock.advance(30_000);
  expect((await slow.keys.current()).kid).not.toBe(old);
});

test('a rotation names the new key, and its process signs by it at once, also with a slow read under way', async () => {
  await using api = await createTestApi();
  const gate = Promise.withResolvers<undefined>();
  let isSlow = false;
  const database: TestApi['database'] = {
    ...api.database,
    read: async (sql, args) => {
      const isHeld = isSlow;
      isSlow = false;
      const rows = await api.database.read(sql, args);
      if (isHeld) await gate.promise;
      return rows;
    },
  };
  const keys = createNodeSigningKeys({ database, clock: api.clock, secret: SECRET });
  const before = (await keys.current()).kid;
  const { kid } = await keys.rotate();
  expect(kid).not.toBe(before);
  expect((await keys.current()).kid).toBe(kid);

  api.clock.advance(1_000);
  isSlow = true;
  const slow = keys.findPublic('nobody');
  const next = await keys.rotate();
  gate.resolve(undefined);
  await slow;
  expect((await keys.current()).kid).toBe(next.kid);
  expect(next.kid).not.toBe(kid);
});

test('what is stored of a key opens under its own secret and its own id alone', async () => {
  await using api = await createTestApi();
  await openProcess(api).keys.current();
  const [row] = await api.database.read('select public_key, private_key from node_signing_keys');
  expect(String(row?.['private_key'])).not.toContain('"d"');
  const other = createNodeSigningKeys({ ...api, secret: `${SECRET}!` });
  await expect(other.current()).rejects.toMatchObject({ name: 'OperationError' });
});
