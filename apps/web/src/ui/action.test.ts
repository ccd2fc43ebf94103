import { createRoot } from 'solid-js';
import { test } from 'vitest';

import { createAction } from './action.ts';

const create = <T>(send: (input: string) => Promise<T>) =>
  createRoot((dispose) => ({ action: createAction(send), dispose }));

test('an action is idle, runs, and is done with its value', async ({ expect }) => {
  const answer = Promise.withResolvers<number>();
  const { action } = create(() => answer.promise);
  expect(action.state()).toEqual({ status: 'idle' });
  const run = action.run('a');
  expect(action.state()).toEqual({ status: 'running' });
  answer.resolve(7);
  expect(await run).toBe(7);
  expect(action.state()).toEqual({ status: 'done', value: 7 });
});

test('a failure is kept, and the run resolves to nothing', async ({ expect }) => {
  const error = new Error('refused');
  const { action } = create(() => Promise.reject(error));
  expect(await action.run('a')).toBeNull();
  expect(action.state()).toEqual({ status: 'failed', error });
});

test('an answer after a reset, a newer run or the end of its owner changes nothing', async ({ expect }) => {
  const answers = [
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
  ];
  let next = 0;
  const { action, dispose } = create(() => answers[next++]?.promise ?? Promise.resolve(''));
  const first = action.run('a');
  action.reset();
  answers[0]?.resolve('late');
  expect(await first).toBeNull();
  expect(action.state()).toEqual({ status: 'idle' });
  const second = action.run('b');
  const third = action.run('c');
  answers[1]?.resolve('old');
  answers[2]?.resolve('new');
  expect([await second, await third]).toEqual([null, 'new']);
  const fourth = action.run('d');
  dispose();
  expect(await fourth).toBeNull();
});
