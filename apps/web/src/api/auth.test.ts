import { test, vi } from 'vitest';

import { ApiError } from './api-error.ts';
import { createAuthClient } from './auth.ts';

/** A server with one answer, and what it was asked. */
function serve(answer: () => Response) {
  const asked: string[] = [];
  const auth = createAuthClient(async (input, init) => {
    const path = typeof input === 'string' ? input : '';
    asked.push(`${path} ${typeof init?.body === 'string' ? init.body : ''}`);
    return answer();
  });
  return { auth, asked };
}

test('a sign-in is done, or asks for a second factor', async ({ expect }) => {
  const done = serve(() => Response.json({ user: {} }));
  expect(await done.auth.signIn({ email: 'a@b.c', password: 'p' })).toBe('done');
  const half = serve(() => Response.json({ twoFactorRedirect: true }));
  expect(await half.auth.signIn({ email: 'a@b.c', password: 'p' })).toBe('second_factor');
});

test('a refusal says its code, its field, and when to try again', async ({ expect }) => {
  const headers = { 'retry-after': '90', 'x-request-id': 'req_1' };
  const { auth } = serve(() =>
    Response.json({ code: 'rate_limited', param: 'email' }, { status: 429, headers }),
  );
  const error: unknown = await auth.verify({ kind: 'totp', code: '1' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 429,
    code: 'rate_limited',
    param: 'email',
    retryAfterSeconds: 90,
    requestId: 'req_1',
  });
});

test('what needs the sign-in is finished before it ends', async ({ expect }) => {
  const { auth, asked } = serve(() => Response.json({}));
  auth.beforeSignOut(async () => {
    asked.push('reported');
  });
  auth.beforeSignOut(() => Promise.reject(new Error('offline')));
  const forget = auth.beforeSignOut(async () => {
    asked.push('over already');
  });
  forget();
  await auth.signOut();
  expect(asked).toEqual(['reported', '/api/auth/sign-out {}']);
});

test('nobody is kept signed in by work that does not end', async ({ expect }) => {
  vi.useFakeTimers();
  const { auth, asked } = serve(() => Response.json({}));
  auth.beforeSignOut(() => new Promise(() => undefined));
  const signedOut = auth.signOut();
  await vi.advanceTimersByTimeAsync(2_000);
  await signedOut;
  vi.useRealTimers();
  expect(asked).toEqual(['/api/auth/sign-out {}']);
});

test('the secret of a second factor comes with its backup codes', async ({ expect }) => {
  const { auth } = serve(() => Response.json({ totpURI: 'otpauth://totp/a', backupCodes: ['x', 1] }));
  expect(await auth.enableTwoFactor('p')).toEqual({ uri: 'otpauth://totp/a', backupCodes: ['x'] });
  const broken = serve(() => Response.json({}));
  await expect(broken.auth.enableTwoFactor('p')).rejects.toBeInstanceOf(ApiError);
});
