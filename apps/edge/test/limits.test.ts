import { request as httpRequest } from 'node:http';

import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const MINT = '/v1/realtime/client_secrets';
const TWO_MIB = 2 * 1_024 * 1_024;

async function send(
  host: TestHost,
  body: BodyInit,
  type: string | null = 'application/json',
): Promise<Response> {
  return await host.fetch(MINT, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${host.userToken}`,
      ...(type === null ? {} : { 'content-type': type }),
    },
  });
}

/** The connection was cut before the answer was read. */
const CUT_OFF = 0;

/** Sends chunk after chunk without a Content-Length, until the server answers or cuts the connection. */
async function sendChunked(
  host: TestHost,
  path: string,
  totalBytes: number,
): Promise<{ status: number; sent: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { hostname, port } = new URL(host.url);
  const request = httpRequest(
    {
      hostname,
      port,
      path,
      method: 'POST',
      headers: { authorization: `Bearer ${host.userToken}`, 'content-type': 'application/json' },
    },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  );
  request.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve(CUT_OFF);
    else reject(error);
  });
  const answered = promise.then(() => true);
  let sent = 0;
  for (let isAnswered = false; sent < totalBytes && !isAnswered;) {
    const chunk = Buffer.alloc(16_384, ' ');
    sent += chunk.length;
    const written = Promise.withResolvers<boolean>();
    request.write(chunk, () => {
      written.resolve(false);
    });
    isAnswered = await Promise.race([answered, written.promise]);
  }
  request.end('{}');
  return { status: await promise, sent };
}

test('a body of 2 MiB is refused by its declared size', async ({ host, expect }) => {
  const response = await send(host, `{"x":"${'a'.repeat(TWO_MIB)}"}`);

  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: 'payload_too_large' } });
});

for (const path of [MINT, '/api/realtime/end', '/trpc/tokens.create', '/api/auth/sign-in/email']) {
  test(`a chunked body of 2 MiB is refused at ${path}`, async ({ host, expect }) => {
    const { status } = await sendChunked(host, path, TWO_MIB);

    // The development proxy in front of workerd may answer 500 by itself, or cut the connection, when its upload is cut
    // short; what the Worker said is in its log.
    expect(host.kind === 'node' ? [413] : [413, 500, CUT_OFF]).toContain(status);
    const logged = new RegExp(`"path":"${path}","status":413`);
    await expect.poll(() => host.logs(), { timeout: 5_000 }).toMatch(logged);
  });
}

for (const type of [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/xml',
  'application/jsonp',
  'application/json; charset=utf-16',
]) {
  test(`a body sent as ${type} is 415`, async ({ host, expect }) => {
    const response = await send(host, '{}', type);

    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_media_type' } });
  });
}

test('a body without a type is 415, JSON with parameters is read', async ({ host, expect }) => {
  expect((await send(host, new TextEncoder().encode('{}'), null)).status).toBe(415);
  expect((await send(host, '{}', 'application/json; charset=utf-8')).status).toBe(200);
});

for (const { name, body } of [
  { name: 'text that is no JSON', body: 'hello' },
  { name: 'half an object', body: '{"session":' },
  { name: 'NaN', body: '{"expires_after":{"seconds":NaN}}' },
  { name: 'a byte order mark', body: '\uFEFF{}' },
  {
    name: 'the same member twice',
    body: '{"expires_after":{"seconds":60},"expires_after":{"seconds":7200}}',
  },
  { name: 'the same member twice, once escaped', body: String.raw`{"session":null,"sess\u0069on":null}` },
  {
    name: 'half a surrogate pair',
    body: String.raw`{"session":{"type":"realtime","instructions":"\ud800"}}`,
  },
  { name: 'a prototype', body: '{"__proto__":{"role":"operator"}}' },
  { name: 'a prototype below', body: '{"session":{"type":"realtime","constructor":{"prototype":{"x":1}}}}' },
  { name: 'a number beyond all bounds', body: '{"expires_after":{"seconds":1e999}}' },
  { name: '100000 nested arrays', body: `{"session":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
  { name: 'an array', body: '[]' },
  { name: 'null in place of a session', body: '{"session":null}' },
]) {
  test(`${name} is 400 and nobody is asked`, async ({ host, expect }) => {
    await host.simulator.admin.reset();

    const response = await send(host, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(await host.simulator.admin.requests()).toEqual([]);
  });
}

test('bytes that are no UTF-8 are 400', async ({ host, expect }) => {
  expect((await send(host, new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).status).toBe(400);
});

test('a hundred thousand members are refused quickly', async ({ host, expect }) => {
  const members = Array.from({ length: 40_000 }, (_, index) => `"k${index}":1`).join(',');
  const startedAt = performance.now();

  const response = await send(host, `{${members}}`);

  expect(response.status).toBe(400);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('SQL in a field is a value and nothing more', async ({ host, expect }) => {
  const [before] = await host.readRows('select count(*) as n from sessions');
  for (const text of ["'; drop table sessions; --", '" or 1=1 --', '1) union select 1', '\u0000']) {
    const model = await send(host, JSON.stringify({ session: { type: 'realtime', model: text } }));
    expect(model.status).toBe(400);
    const end = await host.post('/api/realtime/end', {
      sessionId: text,
      duration: 1,
      messageCount: 0,
      endedBy: 'user',
    });
    expect(end.status).toBe(404);
  }
  expect(await host.readRows('select count(*) as n from sessions')).toEqual([before]);
});
