// What a refusal leaves in the audit, and what becomes of a request whose entry cannot be written.
import { createKey } from './support/access-keys.ts';
import { readEntries } from './support/audit-entries.ts';
import { createHostTest } from './support/host-test.ts';
import { report, requestKeys } from './support/internal.ts';
import { connectOperator, signInOperator } from './support/trpc.ts';

const test = createHostTest({ MAX_OPEN_SESSIONS: '1' });

test('a key that is read, a secret that is wrong, a wrong password leave one entry each', async ({
  host,
  expect,
}) => {
  const account = { email: 'viewer@members.test', password: 'wrong password of a test' };
  await host.post('/api/auth/sign-in/email', account, {
    token: null,
    headers: { 'x-request-id': 'wrong-password' },
  });

  expect(await readEntries(host, 'wrong-password')).toMatchObject([
    { action: 'account.sign_in', result: 'failed' },
  ]);
  await requestKeys(host);
  await requestKeys(host, { secret: 'x'.repeat(40) });
  await report(host, { keyId: 'k', success: true }, 'x'.repeat(40));
  const after = await host.readRows(
    "select result from audit_entries where action = 'provider_key.read' order by seq desc limit 3",
  );
  expect(after.map(({ result }) => result)).toEqual(['denied', 'denied', 'ok']);
});

test('a mint that is refused leaves one entry with its reason; a forged token leaves none', async ({
  host,
  expect,
}) => {
  const mint = (id: string, token?: string) =>
    host.post(
      '/v1/realtime/client_secrets',
      {},
      {
        headers: { 'x-request-id': id },
        ...(token === undefined ? {} : { token }),
      },
    );
  const [{ n: before } = { n: 0 }] = await host.readRows('select count(*) as n from audit_entries');
  expect((await mint('forged', `${host.userToken.slice(0, -6)}AAAAAA`)).status).toBe(401);
  const [{ n: after } = { n: 0 }] = await host.readRows('select count(*) as n from audit_entries');
  expect(after).toBe(before);
  const user = await host.issuer.sign({ sub: 'user-of-the-audit' });
  expect((await mint('first', user)).status).toBe(200);
  expect((await mint('second', user)).status).toBe(429);

  expect(await readEntries(host, 'first')).toEqual([]);
  expect(await readEntries(host, 'second')).toMatchObject([{ action: 'token.mint', result: 'denied' }]);
});

test('a mint with an access key that was revoked is 401, and told apart from a guess by its entry', async ({
  host,
  expect,
}) => {
  const { key, secret } = await createKey(host, { name: 'Left behind' });
  const operator = await connectOperator(host);
  await operator.accessKeys.revoke.mutate({ id: key.id, confirmName: 'Left behind' });
  const mint = (id: string, token: string) =>
    host.post('/v1/realtime/client_secrets', {}, { headers: { 'x-request-id': id }, token });

  expect((await mint('revoked', secret)).status).toBe(401);
  expect((await mint('guessed', `${secret.slice(0, -6)}AAAAAA`)).status).toBe(401);
  expect(await readEntries(host, 'revoked')).toMatchObject([
    { action: 'token.mint', result: 'denied', actor_id: key.id },
  ]);
  expect(await readEntries(host, 'guessed')).toEqual([]);
});

test('the Vault rule: while no entry can be written, what needs one is refused and nothing is done', async ({
  host,
  expect,
}) => {
  const token = await signInOperator(host);
  await host.readRows('alter table audit_entries rename to audit_elsewhere');
  try {
    const added = await host.post(
      '/trpc/keys.add',
      { provider: 'gemini', name: 'Unaudited', key: 'AIza-unaudited-0123456789abcdef', test: false },
      { token },
    );
    const read = await requestKeys(host);
    const created = await host.post(
      '/trpc/accessKeys.create',
      { name: 'Unaudited', environment: 'live', scopes: ['tokens:mint'] },
      { token },
    );

    for (const response of [added, read, created]) {
      expect(response.status).toBeGreaterThanOrEqual(500);
      expect(await response.text()).not.toMatch(/AIza|eph_|sk-|audit_entries|no such table/);
    }
    expect(await host.readRows("select id from provider_keys where name = 'Unaudited'")).toEqual([]);
    expect(await host.readRows("select id from access_keys where name = 'Unaudited'")).toEqual([]);
  } finally {
    await host.readRows('alter table audit_elsewhere rename to audit_entries');
  }
  expect((await requestKeys(host)).status).toBe(200);
});
