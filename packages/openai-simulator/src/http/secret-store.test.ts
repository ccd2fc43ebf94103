import { test } from 'vitest';

import { authenticate } from './credentials.ts';
import { SecretStore } from './secret-store.ts';

function createStore() {
  const clock = { seconds: 1_000 };
  let count = 0;
  const store = new SecretStore(
    (prefix) => `${prefix}${(count += 1)}`,
    () => clock.seconds,
  );
  return { clock, store, known: { apiKeys: new Set(['sk-a']), secrets: store } };
}

test('a secret starts sessions until the second it expires', ({ expect }) => {
  const { clock, store, known } = createStore();
  const secret = store.create({ ttlSeconds: 10, asked: undefined, safetyIdentifier: null });
  clock.seconds = 1_009.9;
  expect(authenticate(secret.value, known)).toEqual({ kind: 'secret', secret });
  clock.seconds = 1_010;
  expect(authenticate(secret.value, known)).toMatchObject({
    status: 401,
    body: { error: { code: 'token_expired' } },
  });
});

test('an unknown secret is not an expired one', ({ expect }) => {
  const { known } = createStore();
  expect(authenticate('ek_invented', known)).toMatchObject({
    status: 401,
    body: { error: { code: 'invalid_api_key' } },
  });
});

test('one secret or all can be made to expire', ({ expect }) => {
  const { store } = createStore();
  const secrets = [1, 2, 3].map(() =>
    store.create({ ttlSeconds: 600, asked: undefined, safetyIdentifier: null }),
  );
  const expired = () => secrets.map((secret) => store.isExpired(secret));
  store.expire(secrets[1]?.value ?? null);
  expect(expired()).toEqual([false, true, false]);
  store.expire('sk-a');
  expect(expired()).toEqual([true, true, true]);
});
