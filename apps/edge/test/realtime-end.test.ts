import * as z from 'zod';

import { DEMO_DEFAULTS } from '../src/demo-defaults.ts';
import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const OWN_ORIGIN = 'http://127.0.0.1:8787';
const PATH = '/api/realtime/end';
const USER = { email: DEMO_DEFAULTS.userEmail, password: DEMO_DEFAULTS.userPassword };
const REPORT = { duration: 0.4, messageCount: 3, endedBy: 'user' };

async function mint(host: TestHost): Promise<{ id: string; providerId: string }> {
  const response = await host.post('/v1/realtime/client_secrets', {});
  const { session } = z.object({ session: z.object({ id: z.string() }) }).parse(await response.json());
  return { id: response.headers.get('x-broker-session-id') ?? '', providerId: session.id };
}

async function readRow(host: TestHost, id: string) {
  const [row] = await host.readRows('select * from sessions where id = ?', [id]);
  return row;
}

test('the owner ends a session and it is logged', async ({ host, expect }) => {
  const { id } = await mint(host);

  const response = await host.post(PATH, { sessionId: id, ...REPORT, usage: { total_tokens: 12 } });

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    success: true,
    message: 'Session ended and logged successfully',
    sessionData: { sessionId: id, duration: 0.4, messageCount: 3, endedBy: 'user' },
  });
  expect(await readRow(host, id)).toMatchObject({
    state: 'ended',
    ended_by: 'user',
    duration_seconds: 0.4,
    message_count: 3,
    usage: '{"total_tokens":12}',
  });
});

test("the provider's own session id works as well", async ({ host, expect }) => {
  const { id, providerId } = await mint(host);

  const response = await host.post(PATH, { sessionId: providerId, ...REPORT });

  expect(response.status).toBe(200);
  expect(await readRow(host, id)).toMatchObject({ state: 'ended' });
});

test('a repeated end changes nothing and answers the same', async ({ host, expect }) => {
  const { id } = await mint(host);
  const first = await host.post(PATH, { sessionId: id, ...REPORT });
  const firstBody: unknown = await first.json();

  const second = await host.post(PATH, { sessionId: id, duration: 0.1, messageCount: 99, endedBy: 'error' });

  expect(second.status).toBe(200);
  expect(await second.json()).toEqual(firstBody);
  expect(await readRow(host, id)).toMatchObject({ message_count: 3, ended_by: 'user' });
});

test("a stranger's session is not found, exactly as one that does not exist", async ({ host, expect }) => {
  const { id } = await mint(host);
  const stranger = await host.issuer.sign();
  const headers = { 'x-request-id': 'the-same' };

  const theirs = await host.post(PATH, { sessionId: id, ...REPORT }, { token: stranger, headers });
  const nobodys = await host.post(
    PATH,
    { sessionId: `${id.slice(0, -4)}0000`, ...REPORT },
    { token: stranger, headers },
  );

  expect(theirs.status).toBe(404);
  expect(await theirs.text()).toBe(await nobodys.text());
  expect(await readRow(host, id)).toMatchObject({ state: 'issued', ended_at: null });
});

for (const type of ['text/plain;charset=UTF-8', 'application/json']) {
  test(`a beacon as ${type} carries its token in the body`, async ({ host, expect }) => {
    const { id } = await mint(host);

    const response = await host.fetch(PATH, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ accessToken: host.userToken, sessionId: id, ...REPORT, reason: 'tab_closed' }),
    });

    expect(response.status).toBe(200);
    expect(await readRow(host, id)).toMatchObject({ state: 'ended', reason: 'tab_closed' });
  });
}

test('a beacon with a bad token, or with none, is refused', async ({ host, expect }) => {
  const { id } = await mint(host);
  for (const accessToken of [await host.issuer.sign({ exp: 1 }), 'x', '', 17, null, undefined]) {
    const response = await host.post(PATH, { accessToken, sessionId: id, ...REPORT }, { token: null });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ success: false, error: expect.any(String) });
  }
});

test('a duration that the clock of the server does not allow is flagged and not stored as truth', async ({
  host,
  expect,
}) => {
  const { id } = await mint(host);

  const response = await host.post(PATH, {
    sessionId: id,
    duration: 86_400,
    messageCount: 1,
    endedBy: 'user',
  });

  expect(response.status).toBe(200);
  const row = await readRow(host, id);
  expect(row).toMatchObject({ is_duration_disputed: 1, reported_duration_seconds: 86_400 });
  expect(Number(row?.['duration_seconds'])).toBeLessThan(60);
});

test('a page of ours reports with its sign-in cookie, a foreign page cannot', async ({ host, expect }) => {
  const signIn = await host.post('/api/auth/sign-in/email', USER, { token: null });
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { id } = await mint(host);
  const body = JSON.stringify({ sessionId: id, ...REPORT });
  const send = (origin: string) => host.fetch(PATH, { method: 'POST', body, headers: { cookie, origin } });

  expect((await send('https://evil.example')).status).toBe(401);
  expect(await readRow(host, id)).toMatchObject({ state: 'issued' });
  expect((await send(OWN_ORIGIN)).status).toBe(200);
  expect(await readRow(host, id)).toMatchObject({ state: 'ended', ended_by: 'user' });
});

for (const { field, body } of [
  { field: 'duration', body: { duration: -1 } },
  { field: 'duration', body: { duration: '12' } },
  { field: 'messageCount', body: { messageCount: 1.5 } },
  { field: 'endedBy', body: { endedBy: 'aliens' } },
  { field: 'sessionId', body: { sessionId: '' } },
  { field: 'userId', body: { userId: 'somebody' } },
]) {
  test(`${JSON.stringify(body)} is 422 and the field is named`, async ({ host, expect }) => {
    const response = await host.post(PATH, { sessionId: 'ses_x', ...REPORT, ...body });

    expect(response.status).toBe(422);
    const { success, error } = z
      .object({ success: z.boolean(), error: z.string() })
      .parse(await response.json());
    expect(success).toBe(false);
    expect(error).toContain(field);
  });
}

test('malformed JSON is 400 in the shape of the contract', async ({ host, expect }) => {
  const response = await host.fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${host.userToken}` },
    body: '{"sessionId":',
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ success: false });
});
