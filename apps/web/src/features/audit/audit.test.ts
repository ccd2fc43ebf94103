import { describe, test } from 'vitest';

import { exportAudit } from './audit-export.ts';
import { isFiltered, NO_FILTER, parseAuditFilter, parseEntrySeq, toAuditInput } from './audit-filter.ts';
import type { AuditEntry, AuditInput, ChainStatus, StoredEntry } from './audit-types.ts';
import { findChainState } from './chain-state.ts';
import { findNeighbours, listDetails, toEntry } from './stored-entry.ts';

const STATUS: ChainStatus = {
  total: 12,
  chained: 10,
  verifiedTo: 12,
  firstBroken: null,
  head: { seq: 12, hash: 'ab' },
  checkedAt: '2026-11-22T14:00:00.000Z',
};

const stored = (seq: number): StoredEntry => ({
  seq,
  id: `aud_${seq}`,
  at: Date.parse('2026-11-22T14:00:00Z'),
  actorKind: 'operator',
  actorId: 'usr_1',
  action: 'budget.set',
  target: null,
  result: 'ok',
  requestId: 'req_1',
  ipPrefix: '10.0.0.0/24',
  details: '{"limitMicroUsd":5}',
  hash: 'ab',
});

describe('the filter in the address', () => {
  test('what the server would refuse is no filter', ({ expect }) => {
    const search = {
      action: 'drop table',
      result: 'maybe',
      from: '2026-02-30',
      actor: ' ',
      target: ['a', 'b'],
    };
    expect(parseAuditFilter(search)).toEqual(NO_FILTER);
    expect(isFiltered(NO_FILTER)).toBe(false);
  });

  test('days are asked for whole, by the reader’s own calendar', ({ expect }) => {
    const filter = parseAuditFilter({
      actor: ' usr_1 ',
      from: '2026-11-21',
      to: '2026-11-22',
      result: 'denied',
    });
    expect(isFiltered(filter)).toBe(true);
    expect(toAuditInput(filter)).toEqual({
      actor: 'usr_1',
      result: 'denied',
      from: new Date('2026-11-21T00:00:00').toISOString(),
      to: new Date('2026-11-23T00:00:00').toISOString(),
    });
  });

  test('an open entry is a number', ({ expect }) => {
    expect(['17', '0', '-1', '1.5', 'x', '1e3', undefined].map(parseEntrySeq)).toEqual([
      17,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the chain', () => {
  test('holds to its end, or as far as the server has come', ({ expect }) => {
    expect(findChainState(STATUS)).toEqual({ kind: 'verified', to: 12, unchained: 2 });
    expect(findChainState({ ...STATUS, verifiedTo: 4 })).toEqual({ kind: 'verifying', to: 4, total: 12 });
    expect(findChainState({ ...STATUS, verifiedTo: null })).toEqual({ kind: 'verifying', to: 0, total: 12 });
    expect(findChainState({ ...STATUS, total: 0, chained: 0, verifiedTo: null })).toEqual({ kind: 'empty' });
  });

  test('a break counts, however much else holds', ({ expect }) => {
    const firstBroken = { seq: 7, id: 'aud_7', reason: 'hash_mismatch' } as const;
    expect(findChainState({ ...STATUS, verifiedTo: 6, firstBroken })).toEqual({
      kind: 'broken',
      at: 7,
      holdsTo: 6,
      id: 'aud_7',
      reason: 'hash_mismatch',
    });
  });
});

describe('an entry', () => {
  test('read by its number looks like one of the list', ({ expect }) => {
    expect(toEntry(stored(3))).toMatchObject({
      seq: 3,
      at: '2026-11-22T14:00:00.000Z',
      actorName: null,
      details: { limitMicroUsd: 5 },
    });
    expect(toEntry({ ...stored(3), details: null }).details).toBeNull();
  });

  test('its neighbours are those on the page, also when it is not on it', ({ expect }) => {
    expect(findNeighbours([9, 7, 4], 7)).toEqual({ newer: 9, older: 4 });
    expect(findNeighbours([9, 7, 4], 9)).toEqual({ newer: null, older: 7 });
    expect(findNeighbours([9, 7, 4], 5)).toEqual({ newer: 7, older: 4 });
    expect(findNeighbours([], 5)).toEqual({ newer: null, older: null });
  });

  test('details are told line by line', ({ expect }) => {
    expect(
      listDetails({ from: null, scopes: ['tokens:mint', 'me:read'], seconds: 5, left: [{ a: 1 }] }),
    ).toEqual([
      { name: 'from', value: null },
      { name: 'scopes', value: 'tokens:mint, me:read' },
      { name: 'seconds', value: '5' },
      { name: 'left', value: '[{"a":1}]' },
    ]);
    expect(listDetails(null)).toEqual([]);
  });
});

/** A server with `count` entries that answers as the real one does, page by page. */
function createServer(count: number) {
  const asked: unknown[] = [];
  const listed: AuditEntry[] = Array.from({ length: count }, (_, index) => toEntry(stored(count - index)));
  return {
    asked,
    audit: {
      export: {
        query: (input: { afterSeq: number; limit: number }) => {
          asked.push(input);
          const end = Math.min(count, input.afterSeq + input.limit);
          const entries = Array.from({ length: end - input.afterSeq }, (_, index) =>
            stored(input.afterSeq + index + 1),
          );
          return Promise.resolve({ entries, nextSeq: end < count ? end : null });
        },
      },
      list: {
        query: (input: AuditInput) => {
          asked.push(input);
          const start = Number(input.cursor ?? 0);
          const end = start + (input.limit ?? 50);
          return Promise.resolve({
            items: listed.slice(start, end),
            nextCursor: end < count ? String(end) : null,
          });
        },
      },
    },
  };
}

describe('an export', () => {
  const signal = new AbortController().signal;

  test('without a filter is the chain itself, whole and in its order', async ({ expect }) => {
    const { audit, asked } = createServer(2_500);
    const progress: number[] = [];
    const onProgress = (count: number) => progress.push(count);
    const { lines, isCut } = await exportAudit({ audit, filter: NO_FILTER, onProgress, signal });
    expect([lines.length, isCut, asked.length]).toEqual([2_500, false, 3]);
    expect(JSON.parse(lines[0] ?? '')).toEqual(stored(1));
    expect(lines.at(-1)).toContain('"seq":2500');
    expect(progress).toEqual([1_000, 2_000, 2_500]);
  });

  test('with a filter is what the list shows, to its last page', async ({ expect }) => {
    const { audit, asked } = createServer(120);
    const filter = { ...NO_FILTER, action: 'budget.set' };
    const { lines } = await exportAudit({ audit, filter, onProgress: () => undefined, signal });
    expect(lines.length).toBe(120);
    expect(asked).toEqual([
      { action: 'budget.set', limit: 100 },
      { action: 'budget.set', limit: 100, cursor: '100' },
    ]);
  });

  test('that is too long says that it ends early', async ({ expect }) => {
    const { audit } = createServer(30);
    const outcome = await exportAudit({
      audit,
      filter: NO_FILTER,
      onProgress: () => undefined,
      signal,
      atMost: 20,
    });
    expect([outcome.lines.length, outcome.isCut]).toEqual([20, true]);
  });
});
