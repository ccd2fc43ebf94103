import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createMailboxBell } from './mailbox-bell.ts';
import { createMailboxGlance } from './mailbox-glance.ts';

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What another process has stored, as the bell asks for it. */
function createSource() {
  const recipients = new Map<number, string>();
  const warnings: string[] = [];
  const source = {
    isBroken: false,
    reads: 0,
    store: (nodeId: string) => recipients.set(recipients.size + 1, nodeId),
    warnings,
    logger: { info: () => undefined, warn: (event: string) => warnings.push(event), error: () => undefined },
    database: {
      read: async (_sql: string, args: readonly unknown[] = []) => {
        source.reads += 1;
        if (source.isBroken) throw new Error('no database');
        if (args.length === 0) return [{ newest: recipients.size }];
        const [after, to] = args.map(Number);
        return [...recipients]
          .filter(([seq]) => seq > (after ?? 0) && seq <= (to ?? 0))
          .map(([, id]) => ({ to_node: id }));
      },
    },
  };
  return source;
}

function createBell() {
  const source = createSource();
  return { source, bell: createMailboxBell(source) };
}

/** Whether it has resolved by now. */
async function isDone(waiting: Promise<void>): Promise<boolean> {
  const not = Symbol('not');
  await vi.advanceTimersByTimeAsync(0);
  return (await Promise.race([waiting, Promise.resolve(not)])) !== not;
}

test('who waits is woken by a ring for its node, and by no other', async () => {
  const { bell } = createBell();
  const attendance = bell.attend('a');
  attendance.listen();
  const waiting = attendance.wait(LONG_MS, NEVER);
  bell.ring(['b']);
  expect(await isDone(waiting)).toBe(false);
  bell.ring(['b', 'a']);
  expect(await isDone(waiting)).toBe(true);
  attendance.end();
});

test('a ring between the look and the wait is not lost', async () => {
  const { bell } = createBell();
  const attendance = bell.attend('a');
  attendance.listen();
  bell.ring(['a']);
  expect(await isDone(attendance.wait(LONG_MS, NEVER))).toBe(true);
  attendance.listen();
  expect(await isDone(attendance.wait(LONG_MS, NEVER))).toBe(false);
  attendance.end();
});

test('an abort and the end of the time let go at once', async () => {
  const { bell } = createBell();
  const attendance = bell.attend('a');
  attendance.listen();
  const gone = new AbortController();
  const waiting = attendance.wait(LONG_MS, gone.signal);
  gone.abort();
  expect(await isDone(waiting)).toBe(true);
  expect(await isDone(attendance.wait(LONG_MS, gone.signal))).toBe(true);
  const short = attendance.wait(50, NEVER);
  await vi.advanceTimersByTimeAsync(50);
  expect(await isDone(short)).toBe(true);
  attendance.end();
});

test('what another process sends is heard within 200 ms, whether it came before the first look or after', async () => {
  const { bell, source } = createBell();
  const attendance = bell.attend('a');
  attendance.listen();
  const first = attendance.wait(LONG_MS, NEVER);
  source.store('a');
  await vi.advanceTimersByTimeAsync(200);
  expect(await isDone(first)).toBe(true);
  attendance.listen();
  const second = attendance.wait(LONG_MS, NEVER);
  source.store('b');
  await vi.advanceTimersByTimeAsync(200);
  expect(await isDone(second)).toBe(false);
  source.store('a');
  await vi.advanceTimersByTimeAsync(200);
  expect(await isDone(second)).toBe(true);
  attendance.end();
});

test('a database that is away for a while is asked again', async () => {
  const { bell, source } = createBell();
  const attendance = bell.attend('a');
  await vi.advanceTimersByTimeAsync(200);
  attendance.listen();
  const waiting = attendance.wait(LONG_MS, NEVER);
  source.isBroken = true;
  source.store('a');
  await vi.advanceTimersByTimeAsync(600);
  expect(await isDone(waiting)).toBe(false);
  expect(source.warnings).toContain('messages.watch_failed');
  source.isBroken = false;
  await vi.advanceTimersByTimeAsync(200);
  expect(await isDone(waiting)).toBe(true);
  attendance.end();
});

test('when nobody waits any more, nothing is asked and no timer is left', async () => {
  const { bell, source } = createBell();
  const many = Array.from({ length: 50 }, (_, index) => bell.attend(`node-${index % 7}`));
  const gone = new AbortController();
  const waits = many.map((it) => it.wait(LONG_MS, gone.signal));
  await vi.advanceTimersByTimeAsync(1_000);
  gone.abort();
  await Promise.all(waits);
  for (const attendance of many) attendance.end();
  await vi.advanceTimersByTimeAsync(200);
  const { reads } = source;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([vi.getTimerCount(), source.reads]).toEqual([0, reads]);
});

test('closed, it lets go whoever waits, and nobody waits any more', async () => {
  const { bell } = createBell();
  const attendance = bell.attend('a');
  attendance.listen();
  const waiting = attendance.wait(LONG_MS, NEVER);
  bell.close();
  expect(await isDone(waiting)).toBe(true);
  attendance.listen();
  expect(await isDone(attendance.wait(LONG_MS, NEVER))).toBe(true);
  expect(bell.isClosed()).toBe(true);
  attendance.end();
});

test('on Workers who waits looks by itself, and leaves no timer', async () => {
  const bell = createMailboxGlance();
  const attendance = bell.attend('a');
  attendance.listen();
  const waiting = attendance.wait(LONG_MS, NEVER);
  bell.ring(['b']);
  await vi.advanceTimersByTimeAsync(80);
  expect(await isDone(waiting)).toBe(false);
  bell.ring(['a']);
  await vi.advanceTimersByTimeAsync(40);
  expect(await isDone(waiting)).toBe(true);
  attendance.listen();
  // Another isolate may have sent: the mailbox is looked into after a quarter of a second anyway.
  const silent = attendance.wait(LONG_MS, NEVER);
  await vi.advanceTimersByTimeAsync(260);
  expect(await isDone(silent)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
