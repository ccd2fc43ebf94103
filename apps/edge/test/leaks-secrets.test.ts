// Security 27 and 96 for what callers bring and get: access keys, passwords, second factors, the tokens of set-up and of
// metrics. Each is used in every way it can be, right and wrong, and then looked for where it must not be.
import * as z from 'zod';

import { dumpTables, readFiles } from './support/dumps.ts';
import { METRICS_TOKEN, type TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { cookiesOf, signIn } from './support/members.ts';
import { signInOperator } from './support/trpc.ts';
import { generateCode } from './support/totp.ts';

const BOOTSTRAP = 'bootstrap-CANARY-0123456789abcdef0123456789';
const PASSWORD = 'CANARY pass word of a member 7';
const NEXT_PASSWORD = 'CANARY another word of them 8';
const WRONG = 'CANARY wrong word of nobody 9';
const ORIGIN = 'http://127.0.0.1:8787';
const EMAIL = 'canary@members.test';

const test = createHostTest({ ADMIN_BOOTSTRAP_TOKEN: BOOTSTRAP });

type Found = { secrets: string[]; answers: string[] };

async function keep(found: Found, response: Response): Promise<string> {
  const text = await response.clone().text();
  found.answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return text;
}

async function useAccessKey(host: TestHost, operator: string, found: Found): Promise<void> {
  const create = (path: string, body: object) =>
    host.post(`/trpc/accessKeys.${path}`, body, { token: operator });
  const schema = z.object({
    result: z.object({ data: z.object({ secret: z.string(), key: z.object({ id: z.string() }) }) }),
  });
  const named = { name: 'Canary', environment: 'live', scopes: ['tokens:mint', 'me:read'] };
  const first = schema.parse(await (await create('create', named)).json()).result.data;
  const next = schema.parse(await (await create('rotate', { id: first.key.id, graceSeconds: 60 })).json())
    .result.data;
  for (const { secret } of [first, next]) {
    found.secrets.push(secret.slice(9, 40));
    await keep(found, await host.post('/v1/realtime/client_secrets', {}, { token: secret }));
    await keep(found, await host.post('/api/realtime/end', { sessionId: secret }, { token: secret }));
    await keep(
      found,
      await host.post(
        '/v1/realtime/client_secrets',
        { session: { type: 'realtime', model: 'gpt-nothing' } },
        { token: secret },
      ),
    );
    await keep(
      found,
      await host.fetch(`/v1/me?access_token=${secret}`, { headers: { authorization: `Bearer ${secret}x` } }),
    );
    await keep(
      found,
      await host.fetch('/v1/me', { headers: { authorization: `Basic ${secret}`, cookie: `key=${secret}` } }),
    );
    await keep(found, await create('create', { ...named, name: secret }));
  }
  await keep(
    found,
    await host.fetch('/trpc/accessKeys.list', { headers: { authorization: `Bearer ${operator}` } }),
  );
  await keep(found, await create('revoke', { id: next.key.id, confirmName: 'Canary' }));
}

async function usePasswords(host: TestHost, operator: string, found: Found): Promise<void> {
  found.secrets.push(PASSWORD, NEXT_PASSWORD, WRONG);
  const member = { name: 'Canary', email: EMAIL, role: 'developer', password: PASSWORD };
  await keep(found, await host.post('/trpc/members.create', member, { token: operator }));
  await keep(found, await signIn(host, { email: EMAIL, password: WRONG }));
  await keep(
    found,
    await host.post('/api/auth/sign-in/email', { email: WRONG, password: WRONG }, { token: null }),
  );
  await keep(found, await host.post('/api/auth/sign-in/email', `{"email":"${WRONG}`, { token: null }));
  await keep(found, await host.fetch(`/api/auth/sign-in/email?password=${encodeURIComponent(WRONG)}`));
}

const enabledSchema = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });

async function useSecondFactor(host: TestHost, found: Found): Promise<void> {
  const first = await signIn(host, { email: EMAIL, password: PASSWORD });
  const cookie = cookiesOf(first);
  let cookies = cookie;
  const post = async (path: string, body: object): Promise<Response> => {
    const response = await host.post(`/api/auth${path}`, body, {
      token: null,
      headers: { cookie: cookies, origin: ORIGIN },
    });
    // A proof makes a new sign-in of the one that asked.
    if (response.ok && response.headers.getSetCookie().length > 0) cookies = cookiesOf(response);
    return response;
  };
  const enabled = enabledSchema.parse(
    await (await post('/two-factor/enable', { password: PASSWORD })).json(),
  );
  const secret = new URL(enabled.totpURI).searchParams.get('secret') ?? '';
  found.secrets.push(secret, ...enabled.backupCodes);
  const code = generateCode(enabled.totpURI, Date.now());
  await keep(found, await post('/two-factor/verify-totp', { code }));
  const words = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD };
  await keep(found, await post('/change-password', words));
  await keep(found, await post('/two-factor/verify-totp', { code: secret }));
}

async function useTokens(host: TestHost, found: Found): Promise<void> {
  found.secrets.push(BOOTSTRAP, METRICS_TOKEN);
  const setup = { token: BOOTSTRAP, name: 'X', email: 'x@members.test', password: WRONG };
  await keep(found, await host.post('/api/setup', setup, { token: null }));
  await keep(found, await host.post('/api/setup', { ...setup, token: `${BOOTSTRAP}x` }, { token: null }));
  await keep(found, await host.post('/api/setup', { ...setup, email: BOOTSTRAP }, { token: BOOTSTRAP }));
  await keep(found, await host.fetch(`/api/setup?token=${BOOTSTRAP}`));
  await keep(found, await host.fetch('/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } }));
  await keep(
    found,
    await host.fetch(`/metrics?token=${METRICS_TOKEN}`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}x` },
    }),
  );
  await keep(found, await host.fetch('/v1/me', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } }));
}

test(
  'no access key, password, second factor or token is in an answer, a log line, a row or a file',
  { timeout: 120_000 },
  async ({ host, expect }) => {
    const found: Found = { secrets: [], answers: [] };
    const operator = await signInOperator(host);
    await usePasswords(host, operator, found);
    await useAccessKey(host, operator, found);
    await useSecondFactor(host, found);
    await useTokens(host, found);
    await host.fetch('/healthz', { headers: { 'x-request-id': 'the-last-of-them' } });
    await expect.poll(() => host.logs(), { timeout: 5_000 }).toContain('the-last-of-them');
    const findLeak = (text: string): string | undefined =>
      found.secrets.find((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)));

    expect(found.secrets.length).toBeGreaterThan(15);
    for (const answer of found.answers) expect(findLeak(answer), answer.slice(0, 600)).toBeUndefined();
    expect(findLeak(host.logs())).toBeUndefined();
    expect(host.logs()).not.toMatch(/eyJ|eph_live|Bearer /);
    for (const [table, rows] of await dumpTables(host)) expect(findLeak(rows), table).toBeUndefined();
    for (const [path, text] of await readFiles(host.dataFolder)) {
      // The demo's own list of its secrets, for its owner alone.
      if (!path.endsWith('demo.json')) expect(findLeak(text), path).toBeUndefined();
    }
    // And what was asked for did happen: the new password is the one that counts.
    expect((await signIn(host, { email: EMAIL, password: NEXT_PASSWORD })).status).toBe(200);
  },
);
