import { createHostTest } from './support/host-test.ts';
import { cookiesOf, fetchToken, PASSWORD, signIn } from './support/members.ts';
import { connect } from './support/trpc.ts';

const TOKEN = 'bootstrap-token-of-the-tests-0123456789abcdef';
const test = createHostTest({ ADMIN_BOOTSTRAP_TOKEN: TOKEN });

const INPUT = { token: TOKEN, name: 'Olga', email: 'olga@members.test', password: PASSWORD };

test('a deployment with an owner is set up, and nobody sets it up again', async ({ host, expect }) => {
  const state = await host.fetch('/api/setup');
  expect([state.status, await state.json()]).toEqual([200, { isDone: true }]);
  const again = await host.post('/api/setup', INPUT, { token: null });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: 'conflict' });
});

test('security 61: the first owner is made once with the right token, also under twenty calls at once', async ({
  host,
  expect,
}) => {
  await host.readRows("update users set role = 'viewer' where role = 'owner' returning id");
  expect(await (await host.fetch('/api/setup')).json()).toEqual({ isDone: false });
  const wrong = await host.post('/api/setup', { ...INPUT, token: `${TOKEN}x` }, { token: null });
  expect(wrong.status).toBe(401);
  for (const bad of [
    { ...INPUT, email: 'no address' },
    { ...INPUT, password: 'short' },
    { ...INPUT, password: 'password1234' },
    { ...INPUT, password: INPUT.email },
    { ...INPUT, name: '' },
    { ...INPUT, role: 'owner' },
    { name: 'x' },
  ]) {
    expect((await host.post('/api/setup', bad, { token: null })).status).toBe(400);
  }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      host.post('/api/setup', { ...INPUT, email: `olga${index}@members.test` }, { token: null }),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([201, 409]));
  const winner = answers.find(({ status }) => status === 201);
  expect(await winner?.json()).toEqual({ success: true });
  const owners = await host.readRows("select email from users where role = 'owner'");
  expect(owners).toHaveLength(1);
  const signedIn = await signIn(host, { email: String(owners[0]?.['email']) });
  const me = await connect(host, await fetchToken(host, cookiesOf(signedIn))).me.get.query();
  expect(me).toMatchObject({ kind: 'operator', role: 'owner', name: 'Olga' });
  const audit = await host.readRows("select result from audit_entries where action = 'account.set_up'");
  expect(audit).toEqual([{ result: 'denied' }, { result: 'ok' }]);
  expect(host.logs()).not.toContain(TOKEN);
});
