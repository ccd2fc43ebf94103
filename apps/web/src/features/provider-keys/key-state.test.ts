import { test } from 'vitest';

import { findErrorShare, findShareTone } from './error-share.ts';
import { describeEvent } from './event-words.ts';
import { listActions } from './key-actions.ts';
import { countByState, isFiltered, parseKeyFilter, selectKeys } from './key-filter.ts';
import { describeState, findReasonMessage, isLastUsable } from './key-state.ts';
import type { KeySummary } from './key-types.ts';

const NOW = Date.parse('2026-11-22T12:30:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const healthy: KeySummary = {
  id: 'pkey_1',
  provider: 'openai',
  providerName: 'OpenAI',
  name: 'main',
  source: 'stored',
  limitDomain: null,
  lastFour: 'a1b2',
  state: 'active',
  reason: null,
  since: at(-100),
  until: null,
  drainAt: null,
  replaces: null,
  replacedBy: null,
  weight: 1,
  usageCount: 10,
  errorCount: 0,
  uses24h: 10,
  errors24h: 0,
  errorSeries24h: Array.from({ length: 24 }, () => 0),
  lastUsedAt: at(-5),
  lastError: null,
  lastErrorAt: null,
  openSessions: 0,
  createdAt: at(-86_400),
  kekVersion: 1,
  isOutdatedKek: false,
  isConfigured: true,
  isDemo: false,
};

test('a rate-limited key counts down to the moment it is usable again, and then says so', ({ expect }) => {
  const cooling: KeySummary = {
    ...healthy,
    state: 'cooling_down',
    reason: 'rate_limited',
    until: at(65),
  };
  expect(describeState(cooling, NOW)).toEqual({
    look: 'cooling_down',
    tone: 'warning',
    note: { kind: 'until', at: NOW + 65_000 },
    reason: 'rate_limited',
  });
  expect(describeState(cooling, NOW + 65_000).note).toEqual({ kind: 'due', isProbe: false });
});

test('after an outage or without quota one trial request decides', ({ expect }) => {
  const broken: KeySummary = { ...healthy, state: 'cooling_down', reason: 'breaker', until: at(0) };
  const exhausted: KeySummary = {
    ...healthy,
    state: 'exhausted',
    reason: 'insufficient_quota',
    until: at(-1),
  };
  expect(describeState(broken, NOW).note).toEqual({ kind: 'due', isProbe: true });
  expect(describeState(exhausted, NOW).note).toEqual({ kind: 'due', isProbe: true });
});

test('a healthy key whose overlap runs is rotating out; once drained it shows its sessions', ({ expect }) => {
  const rotating = describeState({ ...healthy, drainAt: at(900) }, NOW);
  expect([rotating.look, rotating.note]).toEqual(['rotating', { kind: 'rotates', at: NOW + 900_000 }]);
  const draining = describeState({ ...healthy, state: 'draining', openSessions: 2, until: at(60) }, NOW);
  expect(draining.note).toEqual({ kind: 'sessions', count: 2, endsAt: NOW + 60_000 });
});

test('a key of the environment that is no longer set is told apart from its stored state', ({ expect }) => {
  const view = describeState({ ...healthy, source: 'environment', isConfigured: false }, NOW);
  expect([view.look, view.tone, view.reason]).toEqual(['missing', 'neutral', null]);
});

test('an invalid key says why; a reason from the future keeps its code', ({ expect }) => {
  expect(describeState({ ...healthy, state: 'quarantined', reason: 'damaged' }, NOW).reason).toBe('damaged');
  expect(findReasonMessage('invalid_api_key')).toBe('reason.invalid_api_key');
  expect(findReasonMessage('made_up_tomorrow')).toBeNull();
});

test('the last usable key is the one without which nothing can be minted', ({ expect }) => {
  const other: KeySummary = { ...healthy, id: 'pkey_2' };
  expect(isLastUsable(healthy, [healthy, other])).toBe(false);
  expect(isLastUsable(healthy, [healthy, { ...other, state: 'quarantined' }])).toBe(true);
  expect(isLastUsable(healthy, [healthy, { ...other, provider: 'gemini' }])).toBe(true);
  expect(isLastUsable({ ...healthy, state: 'disabled' }, [healthy])).toBe(false);
});

test.for([
  [0, 0, null, 'quiet'],
  [10, 0, 0, 'quiet'],
  [200, 1, 0.005, 'quiet'],
  [100, 5, 0.05, 'warning'],
  [10, 5, 0.5, 'danger'],
  [1, 3, 1, 'danger'],
] as const)('of %i uses with %i errors the share is %o', ([uses, errors, share, tone], { expect }) => {
  expect(findErrorShare(uses, errors)).toBe(share);
  expect(findShareTone(findErrorShare(uses, errors))).toBe(tone);
});

test('the filter of the address survives nonsense', ({ expect }) => {
  expect(parseKeyFilter({ provider: 'openai', state: 'exhausted' })).toEqual({
    provider: 'openai',
    state: 'exhausted',
  });
  const nothing = parseKeyFilter({ provider: ['a', 'b'], state: 'superb' });
  expect(nothing).toEqual({ provider: null, state: null });
  expect(isFiltered(nothing)).toBe(false);
  expect(isFiltered(parseKeyFilter({ provider: 'nobody' }))).toBe(true);
});

test('rows keep their places whatever becomes of their keys, and each state knows its count', ({
  expect,
}) => {
  const keys: KeySummary[] = [
    { ...healthy, id: 'b', name: 'beta' },
    { ...healthy, id: 'a', name: 'alpha' },
    { ...healthy, id: 'z', name: 'zeta', state: 'quarantined' },
    { ...healthy, id: 'g', name: 'gamma', provider: 'gemini', providerName: 'Google Gemini' },
    { ...healthy, id: 'a0', name: 'alpha', createdAt: at(-90_000), drainAt: at(60) },
  ];
  const ids = (filter: Parameters<typeof selectKeys>[1]) => selectKeys(keys, filter).map(({ id }) => id);
  expect(ids({ provider: null, state: null })).toEqual(['g', 'a0', 'a', 'b', 'z']);
  expect(ids({ provider: 'openai', state: 'active' })).toEqual(['a0', 'a', 'b']);
  expect([...countByState(keys, 'openai')]).toEqual([
    ['active', 3],
    ['quarantined', 1],
  ]);
});

const POOL = { canStore: true, canTest: true };
const blocks = (key: KeySummary, pool = POOL) =>
  Object.fromEntries(listActions(key, pool).map(({ action, blockedBy }) => [action, blockedBy]));

test('a healthy key can be taken out, not enabled', ({ expect }) => {
  expect(blocks(healthy)).toEqual({ test: null, rotate: null, drain: null, disable: null, delete: null });
});

test('a key that is leaving cannot be rotated again before it is enabled', ({ expect }) => {
  expect(blocks({ ...healthy, drainAt: at(60) })).toMatchObject({
    rotate: 'blocked.leaving',
    enable: null,
  });
  expect(blocks({ ...healthy, state: 'disabled' })).toEqual({
    test: null,
    rotate: 'blocked.leaving',
    enable: null,
    delete: null,
  });
});

test('open sessions keep a key from being deleted until it is off', ({ expect }) => {
  expect(blocks({ ...healthy, openSessions: 1 })['delete']).toBe('blocked.sessions');
  expect(blocks({ ...healthy, state: 'draining', openSessions: 1 })['delete']).toBe('blocked.sessions');
  expect(blocks({ ...healthy, state: 'disabled', openSessions: 1 })['delete']).toBeNull();
});

test('a key of the environment is changed there; once it is gone its row may go too', ({ expect }) => {
  const environment: KeySummary = { ...healthy, source: 'environment' };
  expect(blocks(environment)).toMatchObject({
    rotate: 'blocked.environment',
    delete: 'blocked.environment',
    disable: null,
  });
  expect(blocks({ ...environment, isConfigured: false })).toMatchObject({
    test: 'blocked.missing',
    delete: null,
  });
});

test('without a keyring nothing is rotated, and an untestable provider says so', ({ expect }) => {
  expect(blocks(healthy, { canStore: false, canTest: false })).toMatchObject({
    test: 'blocked.untestable',
    rotate: 'blocked.keyring',
  });
});

test('an event is told by its action, its result and the codes beside it', ({ expect }) => {
  const quarantined = describeEvent({
    action: 'provider_key.quarantine',
    result: 'ok',
    details: { from: 'active', reason: 'invalid_api_key', nested: {} },
  });
  expect(quarantined).toMatchObject({
    message: 'event.quarantine',
    tone: 'danger',
    facts: ['reason invalid_api_key'],
  });
  expect(describeEvent({ action: 'provider_key.test', result: 'failed', details: null }).tone).toBe('danger');
  expect(describeEvent({ action: 'provider_key.new_thing', result: 'ok', details: null })).toMatchObject({
    message: null,
    code: 'new thing',
  });
});
