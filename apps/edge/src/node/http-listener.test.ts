import { test } from 'vitest';

import { describeAddress } from './http-listener.ts';

test('what is bound to every interface says so in the log, and is called by a name that works', ({
  expect,
}) => {
  expect(describeAddress('0.0.0.0', 8_787)).toEqual({
    url: 'http://localhost:8787',
    listening: 'http://0.0.0.0:8787',
  });
  expect(describeAddress('::', 80)).toEqual({ url: 'http://localhost:80', listening: 'http://[::]:80' });
  expect(describeAddress('127.0.0.1', 1).listening).toBe('http://127.0.0.1:1');
});
