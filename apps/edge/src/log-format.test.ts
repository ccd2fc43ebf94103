import { test } from 'vitest';

import { formatLogLine } from './log-format.ts';

const RECORD = {
  category: ['ephemera'],
  level: 'info',
  message: ['request'],
  rawMessage: 'request',
  timestamp: 1_800_000_000_000,
} as const;

test('a record is one line of JSON', ({ expect }) => {
  const line = formatLogLine({ ...RECORD, properties: { request_id: 'r1', path: '/a\nb' } });

  expect(line).toBe(
    '{"ts":"2027-01-15T08:00:00.000Z","level":"info","msg":"request","logger":"ephemera","request_id":"r1","path":"/a\\nb"}\n',
  );
});

for (const secret of [
  'sk-proj-abcdef123456',
  'ek_68af296e8e408191',
  'eph_live_0123456789',
  'eyJhbGciOiJSUzI1.eyJzdWIi.c2ln',
]) {
  test(`what looks like ${secret.slice(0, 6)}… is redacted wherever it stands`, ({ expect }) => {
    const line = formatLogLine({ ...RECORD, properties: { error: `refused: ${secret}.` } });

    expect(line).not.toContain(secret.slice(0, 12));
    expect(line).toContain('[redacted]');
  });
}
