// The checker of `message-kill`: each kind of flaw, planted into a history, is found. It knows no host.
import { expect, test } from 'vitest';

import { checkHistory, FLAWLESS, type History } from './support/message-history.ts';

function createHistory(): History {
  const send = { from: 'a', to: ['b', 'c'], priority: 'normal', isMortal: false };
  const receive = { from: 'a', askedMs: 1_000, heardMs: 1_010, expiresMs: 60_000 };
  return {
    seed: 1,
    sends: [
      { ...send, key: 'k0', order: 0, answer: { messageId: 'm0', accepted: ['b', 'c'] } },
      { ...send, key: 'k1', order: 1, answer: { messageId: 'm1', accepted: ['b'] } },
      { ...send, key: 'k2', order: 2, answer: null },
    ],
    receives: [
      { ...receive, by: 'b', request: 'poll 1', messageId: 'm0', key: 'k0' },
      { ...receive, by: 'b', request: 'poll 1', messageId: 'm1', key: 'k1' },
      { ...receive, by: 'c', request: 'stream 1', messageId: 'm0', key: 'k0' },
      // Not marked yet: told again.
      { ...receive, by: 'c', request: 'poll 2', messageId: 'm0', key: 'k0' },
    ],
    marks: [{ by: 'b', messageId: 'm0', markedMs: 1_020 }],
  };
}

/** The history with its n-th receipt changed. */
function withReceive(at: number, change: Partial<History['receives'][number]>): History {
  const history = createHistory();
  const receives = history.receives.map((it, index) => (index === at ? { ...it, ...change } : it));
  return { ...history, receives };
}

test('a history without a flaw passes, with repetitions before the mark and sends of unknown end', () => {
  expect(checkHistory(createHistory())).toEqual(FLAWLESS);
});

test('what was taken and never heard is lost, unless it lived for seconds only', () => {
  const history = createHistory();
  const receives = history.receives.filter(({ by }) => by === 'b');
  expect(checkHistory({ ...history, receives })).toEqual({ ...FLAWLESS, lost: ['k0 at c'] });
  const sends = history.sends.map((send) => ({ ...send, isMortal: true }));
  expect(checkHistory({ ...history, sends, receives })).toEqual(FLAWLESS);
});

test('what was for somebody else, taken for nobody, or sent by nobody, is strange', () => {
  expect(checkHistory(withReceive(3, { by: 'd' })).strange).toEqual(['k0 at d']);
  expect(checkHistory(withReceive(3, { key: 'k1' })).strange).toEqual(['k1 at c']);
  expect(checkHistory(withReceive(3, { key: 'k9' })).strange).toEqual(['k9 at c']);
  expect(checkHistory(withReceive(3, { from: 'z' })).strange).toEqual(['k0 at c']);
});

test('what is heard after its end is late', () => {
  expect(checkHistory(withReceive(0, { expiresMs: 999 })).late).toHaveLength(1);
  expect(checkHistory(withReceive(2, { heardMs: 63_000 })).late).toHaveLength(1);
  expect(checkHistory(withReceive(2, { askedMs: 61_000, heardMs: 61_000 })).late).toEqual([]);
});

test('what comes again after the mark, or twice in one request, is repeated', () => {
  const marks = [{ by: 'c', messageId: 'm0', markedMs: 900 }];
  expect(checkHistory({ ...createHistory(), marks }).repeated).toHaveLength(2);
  expect(checkHistory(withReceive(3, { request: 'stream 1' })).repeated).toHaveLength(1);
});

test('one key is one message', () => {
  expect(checkHistory(withReceive(3, { messageId: 'm7' })).doubled).toEqual(['k0: m0 and m7']);
});

test('of one sender and priority the earlier comes first', () => {
  const history = createHistory();
  const receives = history.receives.toReversed();
  expect(checkHistory({ ...history, receives }).disordered).toEqual(['k0 at b']);
  const sends = history.sends.map((send) => (send.key === 'k1' ? { ...send, priority: 'high' } : send));
  expect(checkHistory({ ...history, sends, receives }).disordered).toEqual([]);
});
