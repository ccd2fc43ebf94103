import { expect, test } from 'vitest';

import { createKeyClient } from '../src/key-client.ts';
import { startRealKeyServer } from './support/real-key-server.ts';
import { catchError, SECRET } from './support/set-up.ts';

test('a real server that fails in every way costs neither keys nor reports', async () => {
  await using server = await startRealKeyServer(SECRET);
  const times = { ttlMs: 0, staleMs: 0, requestTimeoutMs: 300 };
  await using client = createKeyClient({ baseUrl: server.url, secret: SECRET, ...times });
  expect(await client.getApiKey('gemini')).toMatchObject({ id: 'k1' });

  for (const mood of ['cuts_connections', 'fails', 'talks_html', 'hangs'] as const) {
    server.be(mood);
    expect((await client.listKeys('gemini')).map(({ id }) => id)).toEqual(['k1', 'k2']);
    client.reportUsage({ keyId: 'k1', success: true });
    await client.flush();
  }
  expect(client.stats()).toEqual({ queued: 4, delivered: 0, dropped: 0 });

  server.be('well');
  await client.flush();

  expect(client.stats()).toEqual({ queued: 0, delivered: 4, dropped: 0 });
  expect(server.counted.size).toBe(4);
});

test('a server that is gone for good is named in the error, one that knows no secret as well', async () => {
  const server = await startRealKeyServer(SECRET);
  const { url } = server;
  await using stranger = createKeyClient({ baseUrl: url, secret: 'another-secret-0123456789-0123456789' });
  expect(await catchError(stranger.getApiKey('gemini'))).toMatchObject({ code: 'unauthorized', status: 401 });
  await server[Symbol.asyncDispose]();
  await using client = createKeyClient({ baseUrl: url, secret: SECRET });

  expect(await catchError(client.getApiKey('gemini'))).toMatchObject({
    code: 'server_unreachable',
    retryable: true,
    message: expect.stringContaining(url),
  });
});

test('reports that wait for a server which is gone do not keep a process alive', async () => {
  const server = await startRealKeyServer(SECRET);
  await server[Symbol.asyncDispose]();
  const script = `
    import { createKeyClient } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
    const client = createKeyClient({ baseUrl: ${JSON.stringify(server.url)}, secret: ${JSON.stringify(SECRET)} });
    client.reportUsage({ keyId: 'k1', success: true });
    process.once('exit', () => console.log(JSON.stringify(client.stats())));
  `;
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const args = ['--no-warnings', '--input-type=module', '--eval', script];

  const { stdout } = await promisify(execFile)(process.execPath, args);

  expect(JSON.parse(stdout)).toEqual({ queued: 1, delivered: 0, dropped: 0 });
});
