// A body whose sender goes away amid it: nothing has failed here, and no line says so.
import { once } from 'node:events';
import { connect } from 'node:net';

import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const PATHS = ['/v1/realtime/client_secrets', '/trpc/tokens.create', '/api/auth/sign-in/email'];
const HALVES = [
  { length: 'Content-Length: 1000', half: '{' },
  { length: 'Transfer-Encoding: chunked', half: '1\r\n{\r\n' },
];

async function sendHalf(
  host: TestHost,
  path: string,
  { length, half }: (typeof HALVES)[number],
): Promise<void> {
  const { hostname, port } = new URL(host.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${host.userToken}\r\n`;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.write(`${head}Content-Type: application/json\r\n${length}\r\n\r\n${half}`, () => {
    resolve();
  });
  await promise;
  socket.destroy();
}

for (const path of PATHS) {
  test(`a body of ${path} that breaks off is its sender's mistake`, async ({ host, expect }) => {
    for (const half of HALVES) {
      const before = host.logs().length;
      await sendHalf(host, path, half);
      const linesSince = () => host.logs().slice(before).split('\n');
      await expect
        .poll(() => linesSince().find((it) => it.includes('"msg":"request"')), { timeout: 5_000 })
        .toContain('"error_code":"invalid_request"');
      expect(linesSince().filter((it) => it.includes('"level":"error"'))).toEqual([]);
    }
  });
}
