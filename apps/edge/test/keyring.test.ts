import { STORED_KEYS } from './support/host.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys, requestKeys } from './support/internal.ts';
import { connectOperator } from './support/trpc.ts';

// This file's own host: its rows end up under a version that the keyring does not have.
test('security 33: a keyring that does not open what is stored: not ready, nothing new sealed, nothing overwritten', async ({
  host,
  expect,
}) => {
  await addStoredKeys(host, 1);
  expect((await host.fetch('/readyz')).status).toBe(200);
  await host.readRows('update provider_keys set kek_version = 9 where ciphertext is not null');
  const before = await host.readRows('select * from provider_keys where ciphertext is not null');
  const operator = await connectOperator(host);

  const ready = await host.fetch('/readyz');
  const adding = operator.keys.add.mutate({ provider: 'openai', name: 'x', key: STORED_KEYS[1] });

  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'not_ready',
    checks: { database: 'ok', migrations: 'ok', keyring: 'failed' },
  });
  await expect(adding).rejects.toMatchObject({
    data: { appCode: 'unavailable' },
    message: expect.stringContaining('version 9'),
  });
  expect(await host.readRows('select * from provider_keys where ciphertext is not null')).toEqual(before);
  // Of a provider of which the environment has no key.
  await host.readRows(
    `update provider_keys set provider = 'gemini', ciphertext = replace(ciphertext, 'v1.2.', 'v1.9.')
      where ciphertext is not null`,
  );
  const read = await requestKeys(host, { query: '?provider=gemini' });
  expect(read.status).toBe(503);
  expect(await read.json()).toEqual({ error: expect.stringContaining('KEYRING') });
});
