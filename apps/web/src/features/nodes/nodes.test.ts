import { test } from 'vitest';

import { describeAudit } from './audit-words.ts';
import { describeDelivery, formatBytes } from './message-state.ts';
import { isFiltered, NO_FILTER, parseNodeFilter, toQuery, toSearch } from './node-filter.ts';
import type { NodeFilter } from './node-filter.ts';
import {
  describeStatus,
  findSilence,
  groupFingerprint,
  isDemo,
  isReachable,
  versionOf,
} from './node-state.ts';
import { isNodeScope, NODE_SCOPES, USUAL_SCOPES } from './node-types.ts';
import { findProblem, NEW_TOKEN, stateOfToken, toCurl, toEnvLines, toInput } from './token-form.ts';

test('the filter goes into the address and comes back as it was', ({ expect }) => {
  const filter: NodeFilter = {
    query: 'paris',
    status: 'reachable',
    type: 'gateway',
    region: 'eu west',
    capabilities: ['stt', 'tts'],
  };
  expect(parseNodeFilter(toSearch(filter))).toEqual(filter);
  expect(toQuery(filter)).toEqual(filter);
  expect(isFiltered(filter)).toBe(true);
  expect(Object.values(toSearch(NO_FILTER))).toEqual([null, null, null, null, null]);
  expect(toQuery(NO_FILTER)).toEqual({});
  expect(isFiltered(NO_FILTER)).toBe(false);
  expect(isFiltered({ ...NO_FILTER, capabilities: ['x'] })).toBe(true);
});

test('what the server would refuse is no filter', ({ expect }) => {
  expect(
    parseNodeFilter({
      q: ' ',
      status: 'a b',
      type: 'x'.repeat(65),
      region: 'a\u0000b',
      capabilities: ' , a b,ok,ok',
    }),
  ).toEqual({ ...NO_FILTER, capabilities: ['ok'] });
  expect(parseNodeFilter({ q: ['a', 'b'], capabilities: ['c'] })).toEqual(NO_FILTER);
  const many = Array.from({ length: 20 }, (_, index) => `c${index}`).join(',');
  expect(parseNodeFilter({ capabilities: many }).capabilities).toHaveLength(16);
});

test('a word for itself stays as it is; the two of the server mean that it cannot be reached', ({
  expect,
}) => {
  expect(describeStatus('healthy')).toEqual({ look: 'good', tone: 'success', message: 'status.healthy' });
  expect(describeStatus('DRAINING')).toMatchObject({ tone: 'warning', message: 'status.draining' });
  expect(describeStatus('dreaming')).toEqual({ look: 'other', tone: 'accent', message: null });
  expect(['healthy', 'dreaming', 'registered', 'unreachable', 'offline'].map(isReachable)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('silence is counted from the last sign of life, and never below zero', ({ expect }) => {
  const now = Date.parse('2026-11-22T12:00:30Z');
  expect(findSilence('2026-11-22T12:00:00Z', now)).toBe(30);
  expect(findSilence('2026-11-22T12:01:00Z', now)).toBe(0);
  expect(findSilence(null, now)).toBeNull();
});

test('what a node tells of itself is read with care', ({ expect }) => {
  expect([{ demo: true }, { demo: 'true' }, {}].map((metadata) => isDemo({ metadata }))).toEqual([
    true,
    false,
    false,
  ]);
  expect(
    [{ version: '1.2' }, { version: 3 }, { version: {} }, {}].map((metadata) => versionOf({ metadata })),
  ).toEqual(['1.2', '3', null, null]);
  expect(groupFingerprint('ab12cd34e')).toBe('ab12 cd34 e');
});

test('a message waits while anyone may still read it', ({ expect }) => {
  const facts = [
    { recipients: 3, pending: 1, read: 2 },
    { recipients: 3, pending: 0, read: 1 },
    { recipients: 1, pending: 0, read: 0 },
    { recipients: 0, pending: 0, read: 0 },
  ];
  expect(facts.map(describeDelivery)).toEqual(['pending', 'read', 'expired', 'refused']);
});

test('sizes are written by unit and language', ({ expect }) => {
  expect([0, 1, 340, 1_536, 3_500_000].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
    '0 bytes',
    '1 byte',
    '340 bytes',
    '1.5 kB',
    '3.3 MB',
  ]);
  expect(formatBytes(1_536, 'fr')).toMatch(/^1,5\sko$/u);
});

test('a token is made with what a worker needs, and without the keys of providers', ({ expect }) => {
  expect(findProblem(NEW_TOKEN)).toBeNull();
  expect(toInput(NEW_TOKEN)).toEqual({ scopes: [...USUAL_SCOPES], ttlSeconds: 86_400 });
  expect(USUAL_SCOPES).not.toContain('keys:read-for-service');
  expect(toInput({ ...NEW_TOKEN, note: ' Paris ', lifetime: '1h' })).toMatchObject({
    note: 'Paris',
    ttlSeconds: 3_600,
  });
  expect(findProblem({ ...NEW_TOKEN, scopes: [] })?.field).toBe('scopes');
  expect(findProblem({ ...NEW_TOKEN, note: 'a\nb' })?.field).toBe('note');
  expect(NODE_SCOPES.every(isNodeScope)).toBe(true);
  expect(isNodeScope('nodes:write')).toBe(false);
});

test('what is shown beside a token works as it stands', ({ expect }) => {
  expect(toEnvLines('ent_x', 'https://here.test').split('\n')).toEqual([
    'BROKER_URL=https://here.test',
    'REGISTRATION_TOKEN=ent_x',
  ]);
  const command = toCurl('ent_x', 'https://here.test');
  expect(command).toContain("-H 'X-Registration-Token: ent_x'");
  expect(
    command
      .split('\n')
      .slice(0, -2)
      .every((line) => line.endsWith('\\')),
  ).toBe(true);
});

test('an unused token expires by the clock, a used one does not', ({ expect }) => {
  const expiresAt = '2026-11-22T12:00:00Z';
  const now = Date.parse(expiresAt);
  expect(stateOfToken({ state: 'unused', expiresAt }, now - 1)).toBe('unused');
  expect(stateOfToken({ state: 'unused', expiresAt }, now)).toBe('expired');
  expect(stateOfToken({ state: 'used', expiresAt }, now)).toBe('used');
});

test('the history has words for what it knows, and the plain action for the rest', ({ expect }) => {
  expect(
    describeAudit({ action: 'node.set_scopes', result: 'ok', details: { scopes: ['a', 'b'], x: { y: 1 } } }),
  ).toMatchObject({ message: 'history.set_scopes', facts: ['scopes a, b'] });
  expect(describeAudit({ action: 'node.wave_at', result: 'denied', details: null })).toEqual({
    message: null,
    code: 'node wave at',
    tone: 'danger',
    facts: [],
  });
});
