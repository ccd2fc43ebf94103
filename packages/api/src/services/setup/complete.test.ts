import { createNodeDatabase } from '@ephemera/db/node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { createTestApi, NOBODY } from '../../../test/fixtures.ts';
import type { Database } from '@ephemera/db';
import { completeSetup, isSetUp } from './complete.ts';
import type { SetupInput } from './complete.ts';

const TOKEN = 'the bootstrap token of the tests';
const TERMS = { address: '192.0.2.7', expectedToken: TOKEN };
const INPUT: SetupInput = {
  token: TOKEN,
  name: 'Ada',
  email: 'ada@demo.test',
  password: 'a good long password',
};

function setUp(api: TestApi, index = 0, database: Database = api.database) {
  const input = { ...INPUT, email: `owner-${index}@demo.test` };
  return completeSetup({ ...api.as(NOBODY), database }, input, TERMS);
}

test('security 61: of twenty set-ups at once one makes the owner, and none does afterwards', async ({
  expect,
}) => {
  await using api = await createTestApi();
  expect(await isSetUp(api.database)).toBe(false);
  const all = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => setUp(api, index)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const reasons = all.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
  for (const reason of reasons) expect(reason).toMatchObject({ code: 'conflict' });
  expect(await api.database.read('select role from users')).toEqual([{ role: 'owner' }]);
  expect(await api.database.read('select provider_id from accounts')).toEqual([
    { provider_id: 'credential' },
  ]);
  await expect(setUp(api, 99)).rejects.toMatchObject({ code: 'conflict' });
  expect(await isSetUp(api.database)).toBe(true);
  const audit = await api.database.read('select action, result, actor_kind from audit_entries');
  expect(audit).toEqual([{ action: 'account.set_up', result: 'ok', actor_kind: 'anonymous' }]);
});

test('security 61: the same over two connections to one file', async ({ expect }) => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-setup-'));
  await using api = await createTestApi();
  const open = () => createNodeDatabase({ url: `file:${join(folder, 'setup.db')}` });
  const first = await open();
  await first.migrate();
  const second = await open();
  try {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => setUp(api, index, index % 2 === 0 ? first : second)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await second.read('select role from users')).toEqual([{ role: 'owner' }]);
  } finally {
    await Promise.all([first.close(), second.close()]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('a wrong token makes nobody an owner; it is counted and audited, the flood of it only counted', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const codes = new Set<unknown>();
  for (let tries = 0; tries < 30; tries += 1) {
    const token = `${TOKEN}${tries}`;
    const error: unknown = await completeSetup(api.as(NOBODY), { ...INPUT, token }, TERMS).catch(
      (reason: unknown) => reason,
    );
    codes.add(Reflect.get(Object(error), 'code'));
  }
  expect(codes).toEqual(new Set(['unauthenticated', 'rate_limited']));
  expect(await api.database.read('select result from audit_entries')).toHaveLength(20);
  expect(await api.database.read('select id from users')).toEqual([]);
});

test('where no token is set nobody can set up, whatever is sent', async ({ expect }) => {
  await using api = await createTestApi();
  for (const token of ['', 'null', 'undefined', TOKEN]) {
    const terms = { ...TERMS, expectedToken: null };
    await expect(completeSetup(api.as(NOBODY), { ...INPUT, token }, terms)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
});

test('a weak password is refused before anything is made', async ({ expect }) => {
  await using api = await createTestApi();
  await expect(
    completeSetup(api.as(NOBODY), { ...INPUT, password: 'too short' }, TERMS),
  ).rejects.toMatchObject({ details: { param: 'password' } });
  expect(await isSetUp(api.database)).toBe(false);
});
