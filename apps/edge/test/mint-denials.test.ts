// Who is known and may not mint leaves an entry, as many a minute as any other refusal.
import { createKey } from './support/access-keys.ts';
import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { createMember } from './support/members.ts';
import { connect } from './support/trpc.ts';

const MINT = '/v1/realtime/client_secrets';

function readDenials(host: TestHost, actorId: string) {
  return host.readRows(
    `select actor_kind, details from audit_entries
      where action = 'token.mint' and result = 'denied' and actor_id = ? order by seq`,
    [actorId],
  );
}

async function mintAll(host: TestHost, token: string): Promise<void> {
  const headers = { origin: 'https://elsewhere.example.test' };
  for (const [path, body] of [
    [MINT, {}],
    ['/api/realtime/token', {}],
    ['/trpc/tokens.create', {}],
  ] as const) {
    const answer = await host.post(path, body, { token, headers });
    expect403(path, answer.status);
  }
}

function expect403(path: string, status: number): void {
  if (status !== 403) throw new Error(`${path} answered ${status}`);
}

test('a key without the scope, a key from a foreign page and a viewer leave one entry a mint', async ({
  host,
  expect,
}) => {
  const scopeless = await createKey(host, { scopes: ['models:read'] });
  const bound = await createKey(host, { allowedOrigins: ['https://app.example.test'] });
  const viewer = await createMember(host, 'viewer', 'no-mint@members.test');
  for (const [token, actorId, kind, code] of [
    [scopeless.secret, scopeless.key.id, 'access_key', 'insufficient_scope'],
    [bound.secret, bound.key.id, 'access_key', 'origin_not_allowed'],
    [viewer.token, viewer.id, 'operator', 'forbidden'],
  ] as const) {
    await mintAll(host, token);
    const entry = { actor_kind: kind, details: JSON.stringify({ code }) };
    expect(await readDenials(host, actorId)).toEqual([entry, entry, entry]);
  }
});

test('what is read and refused is no mint, and a forged key leaves nothing', async ({ host, expect }) => {
  const { key, secret } = await createKey(host, { allowedOrigins: ['https://app.example.test'] });
  await expect(connect(host, secret).me.get.query()).rejects.toMatchObject({ data: { httpStatus: 403 } });
  const forged = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
  expect((await host.post(MINT, {}, { token: forged })).status).toBe(401);
  expect(await readDenials(host, key.id)).toEqual([]);
});

/** All in one minute; again where it ended meanwhile. */
async function refuseInOneMinute(host: TestHost, times: number): Promise<string> {
  for (;;) {
    const { key, secret } = await createKey(host, { scopes: ['models:read'] });
    const minute = Math.floor(Date.now() / 60_000);
    await Promise.all(Array.from({ length: times }, () => host.post(MINT, {}, { token: secret })));
    if (Math.floor(Date.now() / 60_000) === minute) return key.id;
  }
}

test('beyond sixty a minute one entry says that there are more', async ({ host, expect }) => {
  const details = (await readDenials(host, await refuseInOneMinute(host, 70))).map((row) => row['details']);
  const code = 'insufficient_scope';
  expect(details).toEqual([
    ...Array.from({ length: 60 }, () => JSON.stringify({ code })),
    JSON.stringify({ code, andMore: true }),
  ]);
});
