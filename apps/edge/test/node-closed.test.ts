// NODE_REGISTRATION=closed: nobody enters, and those who are in stay.
import { createHash, createPublicKey } from 'node:crypto';

import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { createKeyPair, logIn, register, registrationOf, tokensSchema } from './support/nodes.ts';
import { connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'closed' });

const KEYS = createKeyPair();

/** As it was stored before the door was closed. */
async function storeNode(host: TestHost, id: string): Promise<void> {
  const der = createPublicKey(KEYS.pem).export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(der).digest('hex');
  await host.readRows(
    `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata, scopes, status,
      created_at, updated_at) values (?1, 'Known', 'worker', ?2, ?3, 'https://known.test', '[]', '{}', ?4, 'active', ?5, ?5)
      on conflict do nothing`,
    [id, KEYS.pem, fingerprint, '["nodes:read","nodes:write-own"]', Date.now()],
  );
}

test('nobody enters, whatever they show, and a taken id is refused like a free one', async ({
  host,
  expect,
}) => {
  await storeNode(host, 'insider');
  const operator = await connectOperator(host);
  const { registrationToken, secret } = await operator.nodes.createRegistrationToken.mutate({
    scopes: ['nodes:read'],
  });
  const stranger = createKeyPair();
  const answers: unknown[] = [];
  for (const id of ['newcomer', 'insider']) {
    for (const token of [null, 'nonsense', secret]) {
      const headers: HeadersInit = token === null ? {} : { 'x-registration-token': token };
      const answer = await register(host, registrationOf(id, stranger), headers);
      const { title }: { title: string } = await answer.json();
      answers.push([answer.status, title]);
    }
  }
  expect(answers).toEqual(Array.from({ length: 6 }, () => [403, 'Registration is closed.']));
  const { items } = await operator.nodes.listRegistrationTokens.query();
  expect(items.find(({ id }) => id === registrationToken.id)).toMatchObject({ state: 'unused' });
  expect(await host.readRows("select id from nodes where id = 'newcomer'")).toEqual([]);
});

test('a node that is in logs in, renews its tokens, and tells anew what it is with its own one alone', async ({
  host,
  expect,
}) => {
  await storeNode(host, 'insider');
  const tokens = tokensSchema.parse(await (await logIn(host, 'insider', KEYS)).json());
  const authorization = `Bearer ${tokens.refresh_token}`;
  const renewed = await host.fetch('/api/v1/auth/refresh', { method: 'POST', headers: { authorization } });
  expect(renewed.status).toBe(200);
  const moved = registrationOf('insider', KEYS, { endpoint: 'https://elsewhere.example.test' });
  expect((await register(host, moved)).status).toBe(403);
  const own = await register(host, moved, { authorization: `Bearer ${tokens.access_token}` });
  expect(own.status).toBe(200);
  expect(await own.json()).toMatchObject({ endpoint: 'https://elsewhere.example.test' });
});
