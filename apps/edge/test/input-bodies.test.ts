// What may come in as a body, at every route that takes one; `limits.test.ts` goes through the mint in detail.
import { gzipSync } from 'node:zlib';

import { ROUTES } from '../src/app.ts';
import { INTERNAL_SECRET, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

/** Asked with a node's own token, in the suites of the nodes. */
const OF_NODES = /^\/api\/v1\/(nodes\/|messages\/|auth\/refresh$)/;

const BODIES: readonly { path: string; token: 'user' | 'internal' }[] = [
  ...ROUTES.filter(
    ({ methods, path }) => methods.includes('POST') && !path.includes('*') && !OF_NODES.test(path),
  ).map(({ path }) => ({
    path: path.replace(':id', 'ses_nobody'),
    token: path.startsWith('/api/internal/') ? ('internal' as const) : ('user' as const),
  })),
  { path: '/trpc/tokens.create', token: 'user' },
  { path: '/api/auth/sign-in/email', token: 'user' },
];

type Body = { type?: string; encoding?: string; body: BodyInit };

async function send(
  host: TestHost,
  { path, token }: (typeof BODIES)[number],
  { type, encoding, body }: Body,
) {
  return await host.fetch(path, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${token === 'user' ? host.userToken : INTERNAL_SECRET}`,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
  });
}

test('every route with a body is asked', ({ expect }) => {
  expect(BODIES.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      '/v1/realtime/client_secrets',
      '/api/realtime/end',
      '/api/internal/api-keys',
      '/api/setup',
    ]),
  );
});

for (const target of BODIES) {
  test(`security 80: ${target.path} refuses 3 MiB, however they are packed`, async ({ host, expect }) => {
    const plain = await send(host, target, {
      type: 'application/json',
      body: `{"x":"${'a'.repeat(3_145_728)}"}`,
    });
    const bomb = gzipSync(Buffer.alloc(3_145_728, ' '));
    const startedAt = performance.now();
    const packed = await send(host, target, { type: 'application/json', encoding: 'gzip', body: bomb });

    expect(plain.status).toBe(413);
    expect([400, 413, 415]).toContain(packed.status);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test(`security 81: ${target.path} takes JSON with its type, and no other`, async ({ host, expect }) => {
    // What `navigator.sendBeacon` sends without a preflight, where a page may report as it is closed.
    const isBeacon = /\/end$|\/usage$/.test(target.path);
    for (const type of [
      ...(isBeacon ? [] : ['text/plain']),
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await send(host, target, { type, body: '{}' });
      expect([type, response.status]).toEqual([
        type,
        target.path.startsWith('/trpc/') ? response.status : 415,
      ]);
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    for (const body of [
      '{',
      'hello',
      '{"a":NaN}',
      '\uFEFF{}',
      '',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    ]) {
      const response = await send(host, target, { type: 'application/json', body });
      // A body that is not there is one without members, where a contract has none that is required.
      expect([200, 400, 401, 404, 413, 422], `${body.slice(0, 20)}: ${response.status}`).toContain(
        response.status,
      );
      if (body !== '') expect(response.status).not.toBe(200);
    }
    const broken = await send(host, target, {
      type: 'application/json',
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(broken.status).toBeGreaterThanOrEqual(400);
    expect(broken.status).toBeLessThan(500);
  });
}
