import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, KEYRING, NOBODY, OPERATOR, SERVICE } from '../../../test/fixtures.ts';
import { add, KEY, OTHER_KEY, test } from '../../../test/provider-keys.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import { createKeySecrets } from '../../providers/key-secrets.ts';
import { createVault } from '../../vault/create-vault.ts';
import { parseKeyring } from '../../vault/keyring.ts';
import { addProviderKey } from './add.ts';
import { fetchKeysForService } from './fetch-for-service.ts';

const OTHER_MATERIAL = `1:${Buffer.alloc(32, 9).toString('base64')}`;

/** The same database, as a process with another keyring sees it. */
function underKeyring(api: TestApi, actor: Actor, keyring: string | null): ServiceContext {
  const vault = keyring === null ? null : createVault({ keyring: parseKeyring(keyring) });
  const { keyFingerprint: fingerprint, logger } = api.dependencies;
  const keySecrets = createKeySecrets({ vault, environmentKeys: [], fingerprint, logger });
  return { ...api.as(actor), vault, keySecrets };
}

test('keys are for services alone', async ({ api, expect }) => {
  for (const actor of [ADA, OPERATOR, NOBODY]) {
    await expect(fetchKeysForService(api.as(actor), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  }
});

test('security 28, 29: a ciphertext moved or changed is never returned; its key is out, audited, the others go on', async ({
  api,
  expect,
}) => {
  const first = await add(api);
  const second = await add(api, OTHER_KEY, 'Second');
  await api.database.write({
    sql: 'update provider_keys set ciphertext = (select ciphertext from provider_keys where id = ?1) where id = ?2',
    args: [first.id, second.id],
  });

  const keys = await fetchKeysForService(api.as(SERVICE), { provider: 'openai' });

  expect(keys.map(({ id, key }) => [id, key])).toEqual([[first.id, KEY]]);
  expect(await api.database.read('select state, state_reason from provider_keys order by id')).toEqual([
    { state: 'active', state_reason: null },
    { state: 'quarantined', state_reason: 'damaged' },
  ]);
  expect(
    await api.database.read("select target from audit_entries where action = 'provider_key.quarantine'"),
  ).toEqual([{ target: second.id }]);
  expect(await api.database.read('select target from alerts')).toEqual([{ target: second.id }]);
});

for (const { name, keyring } of [
  { name: 'other material', keyring: OTHER_MATERIAL },
  { name: 'another version', keyring: `7:${Buffer.alloc(32, 7).toString('base64')}` },
  { name: 'no keyring', keyring: null },
]) {
  test(`security 33: with ${name} the read fails, so that no caller forgets its keys, and no row pays for it`, async ({
    api,
    expect,
  }) => {
    await add(api);
    await add(api, OTHER_KEY, 'Second');
    const before = await api.database.read('select * from provider_keys order by id');
    const wrong = underKeyring(api, SERVICE, keyring);

    for (const input of [{}, { provider: 'openai' }])
      await expect(fetchKeysForService(wrong, input)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await fetchKeysForService(wrong, { provider: 'gemini' })).toEqual([]);

    expect(await api.database.read('select * from provider_keys order by id')).toEqual(before);
    expect(
      await api.database.read(
        "select result from audit_entries where action = 'provider_key.read' order by id",
      ),
    ).toEqual([{ result: 'failed' }, { result: 'failed' }, { result: 'ok' }]);
  });
}

test('what the keyring opens is answered, also where it lacks the version of the rest', async ({
  api,
  expect,
}) => {
  await add(api);
  const keyring = `2:${Buffer.alloc(32, 8).toString('base64')},${KEYRING}`;
  const both = underKeyring(api, OPERATOR, keyring);
  await addProviderKey(both, { provider: 'openai', name: 'Second', key: OTHER_KEY });

  expect((await fetchKeysForService(api.as(SERVICE), {})).map(({ key }) => key)).toEqual([KEY]);
});

for (const { name, change } of [
  { name: 'that names another version', change: (text: string) => text.replace('v1.1.', 'v1.7.') },
  { name: 'whose secret was cut', change: (text: string) => text.slice(0, -4) },
  { name: 'that is none', change: () => 'v1.damaged' },
]) {
  test(`security 29: a ciphertext ${name} takes its key out, also where it is the only one of its version`, async ({
    api,
    expect,
  }) => {
    await add(api);
    const [row] = await api.database.read('select ciphertext from provider_keys');
    await api.database.write({
      sql: 'update provider_keys set ciphertext = ?1',
      args: [change(String(row?.['ciphertext']))],
    });

    expect(await fetchKeysForService(api.as(SERVICE), {})).toEqual([]);

    expect(await api.database.read('select state, state_reason from provider_keys')).toEqual([
      { state: 'quarantined', state_reason: 'damaged' },
    ]);
    expect(await api.database.read('select kind from alerts')).toEqual([
      { kind: 'provider_key_quarantined' },
    ]);
  });
}

test('security 32: while the keyring turns, rows under the old and the new version are both readable', async ({
  api,
  expect,
}) => {
  await add(api);
  const keyring = `2:${Buffer.alloc(32, 8).toString('base64')},${KEYRING}`;
  await addProviderKey(underKeyring(api, OPERATOR, keyring), {
    provider: 'openai',
    name: 'Second',
    key: OTHER_KEY,
  });

  const keys = await fetchKeysForService(underKeyring(api, SERVICE, keyring), {});

  expect(keys.map(({ key }) => key)).toEqual([KEY, OTHER_KEY]);
  expect(await api.database.read('select kek_version from provider_keys order by id')).toEqual([
    { kek_version: 1 },
    { kek_version: 2 },
  ]);
});

test('a key of the environment is there before anybody minted, and not in the database', async ({
  expect,
}) => {
  await using api = await createTestApi({ environmentKeys: [{ provider: 'openai', secret: KEY }] });

  expect(await fetchKeysForService(api.as(SERVICE), { provider: 'gemini' })).toEqual([]);
  expect(await fetchKeysForService(api.as(SERVICE), {})).toMatchObject([
    { name: 'OPENAI_API_KEY', key: KEY },
  ]);
  expect(JSON.stringify(await api.database.read('select * from provider_keys'))).not.toContain('CANARY');
});
