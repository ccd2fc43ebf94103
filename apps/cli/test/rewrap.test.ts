import { expect, test } from 'vitest';

import { createSummary, startFakeBroker } from './support/fake-broker.ts';
import { runHere } from './support/run-here.ts';

const ID = createSummary().id;

test('rewrap goes on until none is left and shows how far it is', async () => {
  let remaining = 70;
  await using broker = await startFakeBroker({
    rewrap: ({ limit }: { limit: number }) => {
      const rewrapped = Math.min(limit, remaining);
      remaining -= rewrapped;
      return { rewrapped, remaining, failed: [] };
    },
  });

  const { code, stdout, stderr } = await runHere({ args: ['rewrap'], env: broker.env, isErrorTty: true });

  expect(code).toBe(0);
  expect(stdout).toBe('70 keys rewrapped, 0 left.\nOlder versions can leave KEYRING now.\n');
  expect(stderr).toContain('\r[█████████████████████·········] 50 of 70');
  expect(stderr).toContain('\r[██████████████████████████████] 70 of 70\n');
});

test('rewrap names what does not open and does not go round in circles', async () => {
  const failed = [{ id: ID, code: 'unknown_version' }];
  let left = 3;
  await using broker = await startFakeBroker({
    rewrap: () => {
      const rewrapped = Math.max(0, left - 1);
      left -= rewrapped;
      return { rewrapped, remaining: left, failed };
    },
  });

  const { code, stdout, stderr } = await runHere({ args: ['rewrap'], env: broker.env });

  expect(code).toBe(1);
  expect(stdout).toBe('2 keys rewrapped, 1 left.\n');
  expect(stderr).toContain(`${ID} does not open: unknown_version`);
  expect(broker.calls).toHaveLength(2);
});

test('rewrap stops at Ctrl-C after the request that runs, and says how to go on', async () => {
  let interrupt: (() => void) | null = null;
  let isReleased = false;
  await using broker = await startFakeBroker({
    rewrap: () => {
      interrupt?.();
      return { rewrapped: 25, remaining: 75, failed: [] };
    },
  });

  const { code, stdout, stderr } = await runHere({
    args: ['rewrap'],
    env: broker.env,
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => void (isReleased = true);
    },
  });

  expect(code).toBe(130);
  expect(broker.calls).toHaveLength(1);
  expect(stdout).toBe('25 keys rewrapped, 75 left.\n');
  expect(stderr).toContain('run `keys rewrap` again to go on');
  expect(isReleased).toBe(true);
});
