import { test } from 'vitest';

import { createEmitter } from './emitter.ts';

test('calls every listener of a name until it is removed', ({ expect }) => {
  const emitter = createEmitter<{ count: number; text: string }>();
  const heard: unknown[] = [];
  const stop = emitter.on('count', (count) => heard.push(count));
  emitter.on('count', (count) => heard.push(`again ${count}`));
  emitter.emit('count', 1);
  emitter.emit('text', 'not this');
  stop();
  emitter.emit('count', 2);
  expect(heard).toEqual([1, 'again 1', 'again 2']);
});

test('a listener that throws does not keep the others from hearing', async ({ expect }) => {
  const emitter = createEmitter<{ count: number }>();
  const heard: number[] = [];
  emitter.on('count', () => {
    throw new Error('mine');
  });
  emitter.on('count', (count) => heard.push(count));
  const runners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
  emitter.emit('count', 1);
  expect(heard).toEqual([1]);
  expect(await uncaught).toMatchObject({ message: 'mine' });
  for (const runner of runners) process.on('uncaughtException', runner);
});
