import { test } from 'vitest';

import { createCoturnProvider, importTurnSecret, signTurnUsername } from './coturn.ts';
import { createStaticIceProvider } from './static-ice.ts';

const URLS = ['turn:turn.test:3478?transport=udp', 'turns:turn.test:5349'];
const NOW_MS = 1_699_999_400_000;
const request = { turnUser: 'alice', ttlSeconds: 600, nowMs: NOW_MS, signal: new AbortController().signal };

test('signs the vector of the contract', async ({ expect }) => {
  const key = await importTurnSecret('s3cr3t');
  expect(await signTurnUsername(key, '1700000000:alice')).toBe('81mjszbESz91Gv1n2xG/SVLX+uY=');
});

test('the username is expiry and pseudonym; the first of several secrets signs', async ({ expect }) => {
  const provider = createCoturnProvider({ urls: URLS, secrets: ['s3cr3t', 'the old one'] });
  expect(await provider.issue(request)).toEqual([
    { urls: URLS, username: '1700000000:alice', credential: '81mjszbESz91Gv1n2xG/SVLX+uY=' },
  ]);
});

test('a configuration that cannot work stops at start', ({ expect }) => {
  expect(() => createCoturnProvider({ urls: ['https://turn.test'], secrets: ['s'] })).toThrow(/stun:/);
  expect(() => createCoturnProvider({ urls: ['turn:user@turn.test'], secrets: ['s'] })).toThrow(/stun:/);
  expect(() => createCoturnProvider({ urls: [], secrets: ['s'] })).toThrow(/at least one URL/);
  expect(() => createCoturnProvider({ urls: URLS, secrets: [] })).toThrow(/at least one secret/);
  expect(() => createStaticIceProvider([{ urls: ['javascript:alert(1)'] }])).toThrow(/stun:/);
});

test('the static list comes back as a copy', async ({ expect }) => {
  const provider = createStaticIceProvider([{ urls: ['stun:stun.test:3478'] }]);
  const [first] = await provider.issue(request);
  first?.urls.push('stun:elsewhere.test');
  expect(await provider.issue(request)).toEqual([{ urls: ['stun:stun.test:3478'] }]);
});
