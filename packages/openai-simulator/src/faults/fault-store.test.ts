import { test } from 'vitest';

import { faultSchema, type FaultInput, type Probe } from './fault.ts';
import { FaultStore } from './fault-store.ts';

function createStore(...faults: FaultInput[]): FaultStore {
  let count = 0;
  const store = new FaultStore((prefix) => `${prefix}${(count += 1)}`);
  for (const fault of faults) store.add(faultSchema.parse(fault));
  return store;
}

const MINT: Probe = { stage: 'request', method: 'POST', path: '/v1/realtime/client_secrets', key: 'sk-a' };
const refuse: FaultInput = { action: { kind: 'status', status: 429 } };

test('a fault strikes once unless it says how often', ({ expect }) => {
  const store = createStore(refuse);
  expect(store.take(MINT)).toEqual([{ kind: 'status', status: 429 }]);
  expect(store.take(MINT)).toEqual([]);
});

test('times 0 strikes until it is cleared', ({ expect }) => {
  const store = createStore({ ...refuse, times: 0 });
  expect([1, 2, 3].map(() => store.take(MINT).length)).toEqual([1, 1, 1]);
  store.clear();
  expect(store.take(MINT)).toEqual([]);
});

test.for([
  [{ method: 'get' }, 0],
  [{ method: 'post' }, 1],
  [{ path: '/v1/realtime/client_secrets' }, 1],
  [{ path: '/v1/realtime' }, 0],
  [{ path: '/v1/realtime*' }, 1],
  [{ key: 'sk-a' }, 1],
  [{ key: 'sk-b' }, 0],
  [{ stage: 'upgrade' }, 0],
  [{ stage: 'request', key: 'sk-a', method: 'POST', path: '/v1/*' }, 1],
] as const)('%o matches a mint %i times', ([match, times], { expect }) => {
  expect(createStore({ ...refuse, match }).take(MINT)).toHaveLength(times);
});

test('a delay lets later faults through, an end does not', ({ expect }) => {
  const store = createStore({ action: { kind: 'delay', ms: 5 } }, { action: { kind: 'drop' } }, refuse);
  expect(store.take(MINT).map((action) => action.kind)).toEqual(['delay', 'drop']);
  expect(store.take(MINT).map((action) => action.kind)).toEqual(['status']);
});

test('what breaks a call waits for a call', ({ expect }) => {
  const store = createStore({ action: { kind: 'close_channel', afterMs: 0 } });
  expect(store.take(MINT)).toEqual([]);
  expect(store.take({ ...MINT, stage: 'call', path: '/v1/realtime/calls' })).toHaveLength(1);
});

test('a fault that does not exist is refused', ({ expect }) => {
  expect(faultSchema.safeParse({ action: { kind: 'explode' } }).success).toBe(false);
  expect(faultSchema.safeParse({ action: { kind: 'delay', ms: 5 }, match: { host: 'x' } }).success).toBe(
    false,
  );
});
