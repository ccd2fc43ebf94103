import { test } from 'vitest';

import { findAddProblem, findRefusedField, toAddRequest } from './add-form.ts';
import type { AddInput } from './add-form.ts';
import { findConflict } from './conflict.ts';
import { findDrainTime, FIRST_ROTATION, rotate } from './rotate-steps.ts';
import type { RotationEvent } from './rotate-steps.ts';
import { findTestMessage } from './test-outcome.tsx';

const NOW = Date.parse('2026-11-22T12:30:00Z');

const RESULT = { ok: true, code: null, message: '', latencyMs: 12, status: 200 };
const play = (events: readonly RotationEvent[]) => events.reduce(rotate, FIRST_ROTATION);

test('the rotation goes step by step, back and forth, and never past its ends', ({ expect }) => {
  const next = { type: 'moved', by: 1 } as const;
  const back = { type: 'moved', by: -1 } as const;
  expect(play([]).step).toBe('key');
  expect(play([next]).step).toBe('test');
  expect(play([next, next, next]).step).toBe('summary');
  expect(play([next, next, next, next]).step).toBe('summary');
  expect(play([next, back, back]).step).toBe('key');
});

test('another key makes an old test worthless, and keeps the chosen overlap', ({ expect }) => {
  const tested = play([
    { type: 'overlap_chosen', seconds: 3_600 },
    { type: 'tested', result: RESULT },
  ]);
  expect([tested.test?.ok, tested.overlapSeconds]).toEqual([true, 3_600]);
  const changed = rotate(tested, { type: 'tested', result: null });
  expect([changed.test, changed.overlapSeconds]).toEqual([null, 3_600]);
});

test('without an overlap the old key drains at once', ({ expect }) => {
  expect(findDrainTime(0, NOW)).toBeNull();
  expect(findDrainTime(900, NOW)).toBe(NOW + 900_000);
});

const input: AddInput = {
  provider: 'openai',
  name: ' main ',
  key: 'sk-1',
  limitDomain: '',
  weight: '2',
};

test.for([
  [{ name: '  ' }, 'name'],
  [{ key: '' }, 'key'],
  [{ limitDomain: 'my project' }, 'limitDomain'],
  [{ weight: '0' }, 'weight'],
  [{ weight: '1.5' }, 'weight'],
  [{ weight: '' }, 'weight'],
] as const)('%o is found before anything is sent', ([change, field], { expect }) => {
  expect(findAddProblem({ ...input, ...change })?.field).toBe(field);
});

test('a good form is sent trimmed, and without an empty limit domain', ({ expect }) => {
  expect(findAddProblem(input)).toBeNull();
  expect(toAddRequest(input)).toEqual({ provider: 'openai', name: 'main', key: 'sk-1', weight: 2 });
  expect(toAddRequest({ ...input, limitDomain: ' proj_1 ' }).limitDomain).toBe('proj_1');
});

const refusal = (appCode: string, param?: string) =>
  Object.assign(new Error(appCode), { data: { appCode, details: param === undefined ? {} : { param } } });

test('a refusal of one field is told at that field', ({ expect }) => {
  expect(findRefusedField(refusal('invalid_request', 'key'))?.field).toBe('key');
  expect(findRefusedField(refusal('invalid_request', 'id'))).toBeNull();
  expect(findRefusedField(refusal('conflict', 'key'))).toBeNull();
});

const conflict = (details: object) => findConflict({ data: { appCode: 'conflict', details } });

test('a duplicate is told by the name it has in the pool', ({ expect }) => {
  expect(conflict({ param: 'key', existingName: 'main "one"' })).toEqual({
    kind: 'duplicate',
    name: 'main "one"',
  });
  expect(conflict({ param: 'key' })).toEqual({ kind: 'duplicate', name: null });
  expect(conflict({})).toEqual({ kind: 'state' });
  expect(findConflict({ data: { appCode: 'internal', details: { param: 'key' } } })).toBeNull();
});

test.for([
  [{ ok: true, code: null, status: 200 }, 'test.ok'],
  [{ ok: false, code: 'invalid_api_key', status: 401 }, 'test.invalid_api_key'],
  [{ ok: false, code: 'insufficient_quota', status: 429 }, 'test.insufficient_quota'],
  [{ ok: false, code: 'unheard_of', status: 401 }, 'test.invalid_api_key'],
  [{ ok: false, code: 'unheard_of', status: 503 }, 'test.server_error'],
  [{ ok: false, code: 'timeout', status: null }, 'test.timeout'],
  [{ ok: false, code: 'unheard_of', status: 418 }, 'test.failed'],
] as const)('a test that ended as %o is told as %s', ([result, message], { expect }) => {
  expect(findTestMessage(result)).toBe(message);
});
