import { test } from 'vitest';

import { createIdSource, encodeBase32, SESSION_ID_PATTERN, sessionIdFloor } from './ids.ts';

test('sixteen bytes become 26 digits that keep their order', ({ expect }) => {
  const low = new Uint8Array(16);
  const high = new Uint8Array(16).fill(255);
  const middle = Uint8Array.from({ length: 16 }, (_, index) => index);
  expect(encodeBase32(low)).toBe('0'.repeat(26));
  expect(encodeBase32(high)).toBe(`7${'z'.repeat(25)}`);
  expect([high, low, middle].map(encodeBase32).toSorted()).toEqual([low, middle, high].map(encodeBase32));
});

test('ids of one source are distinct, ascend, and fit the pattern', ({ expect }) => {
  let nowMs = Date.UTC(2026, 10, 21);
  const ids = createIdSource(() => nowMs);
  const made = Array.from({ length: 2_000 }, (_, index) => {
    if (index % 500 === 0) nowMs += 1;
    return ids.sessionId();
  });
  expect(new Set(made).size).toBe(2_000);
  expect(made.toSorted()).toEqual(made);
  expect(made.every((id) => SESSION_ID_PATTERN.test(id))).toBe(true);
  expect(ids.requestId()).toMatch(/^req_/);
});

test('an id made for an earlier moment sorts before a later one', ({ expect }) => {
  const early = createIdSource(() => Date.UTC(2026, 0, 1)).sessionId();
  const late = createIdSource(() => Date.UTC(2026, 0, 2)).sessionId();
  expect(early < late).toBe(true);
});

test('the floor of a moment lies between the ids of before and those of then', ({ expect }) => {
  const atMs = Date.UTC(2026, 5, 1);
  const before = createIdSource(() => atMs - 1).sessionId();
  const then = createIdSource(() => atMs).sessionId();
  expect([then, before, sessionIdFloor(atMs)].toSorted()).toEqual([before, sessionIdFloor(atMs), then]);
});
