import { test } from 'vitest';

import { createInternalSecrets } from './internal-secrets.ts';

const OLD = 'old-secret-0123456789abcdef0123456789';
const NEW = 'new-secret-0123456789abcdef0123456789';
const secrets = createInternalSecrets([
  { name: 'old', secret: OLD },
  { name: 'new', secret: NEW },
]);

test('each of the secrets is known by its name, so that two are valid while they are rotated', async ({
  expect,
}) => {
  expect(await secrets.find(`Bearer ${OLD}`)).toEqual({ kind: 'internal', id: 'old' });
  expect(await secrets.find(`bearer ${NEW}`)).toEqual({ kind: 'internal', id: 'new' });
});

for (const { name, header } of [
  { name: 'no header', header: undefined },
  { name: 'an empty header', header: '' },
  { name: 'the secret without a scheme', header: OLD },
  { name: 'another scheme', header: `Basic ${OLD}` },
  { name: 'a shorter secret', header: `Bearer ${OLD.slice(0, -1)}` },
  { name: 'a longer secret', header: `Bearer ${OLD}0` },
  { name: 'another case', header: `Bearer ${OLD.toUpperCase()}` },
  { name: 'two secrets', header: `Bearer ${OLD}, Bearer ${NEW}` },
  { name: 'an empty secret', header: 'Bearer ' },
  { name: 'a secret of a megabyte', header: `Bearer ${'a'.repeat(1_048_576)}` },
]) {
  test(`${name} is nobody, and throws nothing`, async ({ expect }) => {
    expect(await secrets.find(header)).toBeNull();
  });
}

test('security 37: each byte of the secret counts, and unequal lengths do not throw', async ({ expect }) => {
  for (let at = 0; at < OLD.length; at += 1) {
    const flipped = String.fromCodePoint((OLD.codePointAt(at) ?? 0) ^ 1);
    expect(await secrets.find(`Bearer ${OLD.slice(0, at)}${flipped}${OLD.slice(at + 1)}`)).toBeNull();
  }
});

test('without a configured secret nobody is let in', async ({ expect }) => {
  expect(await createInternalSecrets([]).find(`Bearer ${OLD}`)).toBeNull();
});
