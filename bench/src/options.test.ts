import { test } from 'vitest';

import { parseOptions } from './options.ts';

test('one word stands for all scenarios of the key pool', ({ expect }) => {
  const scenarios = ['failover', 'breaker', 'breaker-rate', 'internal-read', 'selection', 'size'];
  expect(parseOptions(['--only', 'pool', '--only', 'size'])?.scenarios).toEqual(scenarios);
});

test('refuses a scenario that does not exist', ({ expect }) => {
  expect(() => parseOptions(['--only', 'pools'])).toThrow('not "pools"');
});
