import { test as base } from 'vitest';

import { runAccessKeys } from '../src/access-keys/run-access-keys.ts';
import { startRealHost } from './support/real-host.ts';
import { runHere, type Session } from './support/run-here.ts';

type Host = Awaited<ReturnType<typeof startRealHost>>;

const test = base.extend<{ host: Host }>({
  host: [
    // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
    async ({}, use) => {
      await using host = await startRealHost();
      await use(host);
    },
    { scope: 'file' },
  ],
});

function run(host: Host, args: readonly string[], session: Partial<Session> = {}) {
  return runHere({ args, env: { DATA_DIR: host.folder }, run: runAccessKeys, ...session });
}

async function mint(host: Host, key: string): Promise<number> {
  const response = await fetch(`${host.url}/v1/realtime/client_secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  await response.arrayBuffer();
  return response.status;
}

test('a key lives its whole life from the command line', async ({ host, expect }) => {
  const created = await run(host, ['create', '--name', 'backend', '--scopes', 'tokens:mint,me:read']);
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^eph_live_\w{49}\n$/) });
  const first = created.stdout.trim();
  expect(created.stderr).toMatch(/^Created backend \(eph_live_….{4}, key_\w{26}\): active\.\n.*only time/);
  expect(created.stderr).not.toContain(first);
  expect(await mint(host, first)).toBe(200);

  const rotated = await run(host, ['rotate', 'backend', '--grace', '2h']);
  const second = rotated.stdout.trim();
  expect(rotated.stderr).toContain(`…${first.slice(-4)} ends in `);
  expect([await mint(host, first), await mint(host, second)]).toEqual([200, 200]);

  expect((await run(host, ['disable', 'backend'])).code).toBe(2);
  expect(await run(host, ['disable', 'backend', '--yes'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/: disabled\.\n$/),
  });
  expect(await mint(host, second)).toBe(401);
  expect((await run(host, ['enable', 'backend'])).code).toBe(0);
  const revoked = await run(host, ['revoke', 'backend'], { types: ['backend\n'] });
  expect(revoked).toMatchObject({ code: 0, stdout: expect.stringMatching(/: revoked\.\n$/) });
  expect([await mint(host, first), await mint(host, second)]).toEqual([401, 401]);
  expect(await run(host, ['rotate', 'backend'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('revoked'),
  });
});

test('the list shows what a key may do, and never the key', async ({ host, expect }) => {
  const { stdout: secret } = await run(host, [
    'create',
    '--name',
    'page',
    '--test',
    '--models',
    'gpt-realtime-2.1-mini',
    '--origins',
    'https://app.example.com',
    '--expires-in',
    '9999',
  ]);
  const { stdout } = await run(host, ['list']);
  expect(stdout).toMatch(
    /page +eph_test_….{4} +active +tokens:mint +gpt-realtime-2\.1-mini +https:\/\/app\.example\.com +0 +– +in 9999 d +key_/,
  );
  expect(stdout).toContain('Demo app');
  expect(stdout).not.toContain(secret.slice(9, 30));
  const answer: unknown = JSON.parse((await run(host, ['list', '--json'])).stdout);
  expect(answer).toMatchObject({ items: expect.any(Array), scopes: expect.any(Array) });
});

for (const { name, args, code } of [
  { name: 'a key without a name', args: ['create'], code: 2 },
  { name: 'an unknown scope', args: ['create', '--name', 'x', '--scopes', 'all'], code: 2 },
  { name: 'a time that is none', args: ['create', '--name', 'x', '--expires-in', '0'], code: 2 },
  { name: 'an unknown key', args: ['revoke', 'nobody', '--yes'], code: 5 },
  { name: 'an unknown model', args: ['create', '--name', 'x', '--models', 'gpt-nobody'], code: 1 },
  { name: 'an unknown command', args: ['delete', 'x'], code: 2 },
]) {
  test(`${name} is refused with ${code}`, async ({ host, expect }) => {
    const outcome = await run(host, args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^access-keys: /);
  });
}
