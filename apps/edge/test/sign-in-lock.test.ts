import { request as httpRequest } from 'node:http';

import { DEMO_DEFAULTS } from '../src/demo-defaults.ts';
import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { createMember, PASSWORD, signIn } from './support/members.ts';

const WRONG = 'not the password of anybody';

/** From another address than the other requests: of loopback on Node, as Cloudflare would write it on Workers. */
async function signInFromElsewhere(host: TestHost, email: string): Promise<number> {
  const body = JSON.stringify({ email, password: PASSWORD });
  const elsewhere =
    host.kind === 'node'
      ? { localAddress: '127.0.0.2', headers: {} }
      : { headers: { 'cf-connecting-ip': '198.51.100.7' } };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest(
    `${host.url}/api/auth/sign-in/email`,
    {
      method: 'POST',
      ...elsewhere,
      headers: { 'content-type': 'application/json', ...elsewhere.headers },
    },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  );
  request.once('error', reject);
  request.end(body);
  return await promise;
}

async function countersOf(host: TestHost, scope: string): Promise<number[]> {
  const rows = await host.readRows('select count from rate_windows where scope = ?1 order by count desc', [
    scope,
  ]);
  return rows.map(({ count }) => Number(count));
}

function readSignInAudit(host: TestHost, target: string) {
  return host.readRows(
    `select action, result, details, actor_kind from audit_entries
      where target = ?1 and action <> 'member.create' order by seq`,
    [target],
  );
}

test('security 21: an unknown account and a wrong password cannot be told apart', async ({
  host,
  expect,
}) => {
  const wrong = await signIn(host, { email: DEMO_DEFAULTS.userEmail, password: WRONG });
  const unknown = await signIn(host, { email: 'nobody@members.test', password: WRONG });
  expect([wrong.status, await wrong.text()]).toEqual([unknown.status, await unknown.text()]);
});

test('security 22, 24: fifty wrong passwords at once count fifty, however the address is spelled; the owner gets in from elsewhere', async ({
  host,
  expect,
}) => {
  const { id, email } = await createMember(host, 'viewer', 'victim@members.test');
  const spellings = [email, email.toUpperCase(), `${email} `, 'ｖictim@members.test', ` Victim@Members.test`];
  const statuses = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const spelled = spellings[index % spellings.length] ?? email;
      return (await signIn(host, { email: spelled, password: WRONG })).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect((await countersOf(host, 'sign_in_pair'))[0]).toBe(50);
  const locked = await signIn(host, { email });
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await signInFromElsewhere(host, email)).toBe(200);
  const audit = await readSignInAudit(host, id);
  expect(audit.filter(({ result }) => result === 'failed')).toHaveLength(10);
  expect(audit.filter(({ result }) => result === 'denied').length).toBeLessThanOrEqual(2);
  const rows = await host.readRows("select subject from rate_windows where scope like 'sign_in%'");
  expect(JSON.stringify(rows)).not.toContain('victim');
});
