// The account library over a database of a test, and requests as its pages send them.
import type { TestDatabase } from '@ephemera/db/testing';

import type { Auth } from '../src/auth/create-auth.ts';
import { createAuth } from '../src/auth/create-auth.ts';
import type { HashCost } from '../src/auth/password-hash.ts';
import { createPasswords } from '../src/auth/passwords.ts';
import { createIdSource } from '../src/ids.ts';
import { createTestLogger } from './fixtures.ts';

export const INFO = { requestId: 'req_1', network: { subject: '192.0.2.7', prefix: '192.0.2.0/24' } };
export const ORIGIN = 'http://127.0.0.1:8787';

const CHEAP: HashCost = { iterations: 1_000, passes: 2 };

export function createTestAuth(
  database: TestDatabase,
  { cost = CHEAP, baseUrl = ORIGIN }: { cost?: HashCost; baseUrl?: string } = {},
): { auth: Auth; logger: ReturnType<typeof createTestLogger> } {
  const logger = createTestLogger();
  const clock = { now: () => Date.now() };
  const auth = createAuth({
    database,
    clock,
    ids: createIdSource(clock.now),
    passwords: createPasswords({ database, clock, cost }),
    secret: 'a secret of the tests, long enough',
    baseUrl,
    trustedOrigins: [],
    issuer: ORIGIN,
    audience: 'ephemera',
    logger,
  });
  return { auth, logger };
}

type Post = { path: string; body: unknown; headers?: Record<string, string> };

export function postAuth(auth: Auth, { path, body, headers = {} }: Post): Promise<Response> {
  return auth.handle(
    new Request(`${ORIGIN}/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      body: JSON.stringify(body),
    }),
    INFO,
  );
}
