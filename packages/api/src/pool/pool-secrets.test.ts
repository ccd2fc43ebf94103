import { test } from 'vitest';

import { createPoolApi, refusal } from '../../test/keyed-upstream.ts';
import { A, B, C, NOTHING_TRIED, mint, createSecondPool, pick, readStates } from '../../test/pools.ts';

test('a ciphertext from another row is never used: the key is quarantined, and another one serves', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B, C]);
  await api.database.write({
    sql: 'update provider_keys set ciphertext = (select ciphertext from provider_keys where id = ?) where id = ?',
    args: [api.keyIds[1] ?? null, api.keyIds[0] ?? null],
  });
  for (let index = 0; index < 10; index += 1)
    expect(await mint(api)).toMatchObject({ model: expect.any(String) });
  expect(api.provider.calls.map(({ secret }) => secret).toSorted()).toEqual([B, B, B, B, B, C, C, C, C, C]);
  expect(await api.database.read('select id, state, state_reason from provider_keys order by id')).toEqual([
    { id: api.keyIds[0], state: 'quarantined', state_reason: 'damaged' },
    { id: api.keyIds[1], state: 'active', state_reason: null },
    { id: api.keyIds[2], state: 'active', state_reason: null },
  ]);
  expect(await api.database.read('select kind, target from alerts')).toEqual([
    { kind: 'provider_key_quarantined', target: api.keyIds[0] },
  ]);
  expect(await api.database.read('select action, target, details from audit_entries')).toEqual([
    {
      action: 'provider_key.quarantine',
      target: api.keyIds[0],
      details: '{"from":"active","reason":"damaged"}',
    },
  ]);
  expect(JSON.stringify(api.logger.lines)).not.toContain('CANARY');
});

function flip(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

test('one changed character is enough, wherever it stands: the key is out, operators know, another one serves', async ({
  expect,
}) => {
  const changes: ((text: string) => string)[] = [
    (text) => text.replace(/^v1/, 'v2'),
    (text) => text.replace(/^v1\.1\./, 'v1.7.'),
    (text) => text.slice(0, -8),
    ...[2, 3, 4, 5].map((part) => (text: string) => {
      const parts = text.split('.');
      return [...parts.slice(0, part), flip(parts[part] ?? '', 4), ...parts.slice(part + 1)].join('.');
    }),
  ];
  for (const change of changes) {
    await using api = await createPoolApi([A, B]);
    const [id = ''] = api.keyIds;
    const [row] = await api.database.read('select ciphertext from provider_keys where id = ?', [id]);
    const changed = change(String(row?.['ciphertext']));
    expect(changed).not.toBe(row?.['ciphertext']);
    await api.database.write({
      sql: 'update provider_keys set ciphertext = ? where id = ?',
      args: [changed, id],
    });
    expect(await mint(api), changed.slice(0, 6)).toMatchObject({ model: expect.any(String) });
    expect(await readStates(api), changed.slice(0, 6)).toEqual(['quarantined', 'active']);
    expect(api.provider.callsOf(A)).toBe(0);
    const [alert] = await api.database.read('select target from alerts');
    const [entry] = await api.database.read('select target from audit_entries');
    expect([alert?.['target'], entry?.['target']]).toEqual([id, id]);
  }
});

test('a wrong or missing keyring takes no key, and lets no row pay for it', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  const material = Buffer.alloc(32, 9).toString('base64');
  for (const keyring of [`1:${material}`, `9:${material}`]) {
    const other = createSecondPool(api, { keyring });
    expect(await other.acquire('openai', NOTHING_TRIED)).toEqual({
      kind: 'none',
      isEmpty: false,
      soonestRetryAtMs: null,
    });
  }
  expect(await readStates(api)).toEqual(['active', 'active']);
  expect(await api.database.read('select id from alerts')).toEqual([]);
});

test('the environment’s key is a member of the pool: one row over all starts, no secret in it', async ({
  expect,
}) => {
  const environmentKeys = [{ provider: 'openai', secret: A }];
  await using api = await createPoolApi([B], { environmentKeys });
  await mint(api);
  await mint(api);
  const restarted = createSecondPool(api, { keyring: null, environmentKeys });
  expect((await pick(restarted)).key).toMatchObject({ secret: A, source: 'environment' });
  expect(
    await api.database.read(
      'select id, name, source, last_four, ciphertext from provider_keys order by source',
    ),
  ).toEqual([
    {
      id: expect.stringMatching(/^pkey_env_[\da-f]{16}$/),
      name: 'OPENAI_API_KEY',
      source: 'environment',
      last_four: 'aaaa',
      ciphertext: null,
    },
    expect.objectContaining({ source: 'stored' }),
  ]);
  // Gone from the environment, it stays as a row and is never picked.
  const without = createSecondPool(api, { keyring: null });
  expect(await without.acquire('openai', NOTHING_TRIED)).toMatchObject({ kind: 'none', isEmpty: false });
});

test('the environment’s key heals as any other: its quarantine outlives a start, and an operator ends it', async ({
  expect,
}) => {
  const environmentKeys = [{ provider: 'openai', secret: A }];
  await using api = await createPoolApi([], { environmentKeys });
  api.provider.script(A, refusal(401, 'invalid_api_key'));
  await mint(api);
  const restarted = createSecondPool(api, { keyring: null, environmentKeys });
  expect(await restarted.acquire('openai', NOTHING_TRIED)).toMatchObject({ kind: 'none', isEmpty: false });
  await api.database.write({ sql: "update provider_keys set state = 'active'", args: [] });
  restarted.invalidate();
  expect((await pick(restarted)).key.secret).toBe(A);
});
