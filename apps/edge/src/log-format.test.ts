import { test } from 'vitest';

import { createLogger, formatLogLine, type LogRecord } from './log-format.ts';

const RECORD = { atMs: 1_800_000_000_000, level: 'info', event: 'request' } as const;

test('a record is one line of JSON', ({ expect }) => {
  const line = formatLogLine({ ...RECORD, fields: { request_id: 'r1', path: '/a\nb' } });

  expect(line).toBe(
    '{"ts":"2027-01-15T08:00:00.000Z","level":"info","msg":"request","logger":"ephemera","request_id":"r1","path":"/a\\nb"}\n',
  );
});

for (const secret of [
  'sk-proj-abcdef123456',
  'ek_68af296e8e408191',
  'AIzaSyA0123456789abcdef0123456789abcdef',
  'eph_live_0123456789',
  'eyJhbGciOiJSUzI1.eyJzdWIi.c2ln',
]) {
  test(`what looks like ${secret.slice(0, 6)}… is redacted wherever it stands`, ({ expect }) => {
    const line = formatLogLine({ ...RECORD, fields: { error: `refused: ${secret}.` } });

    expect(line).not.toContain(secret.slice(0, 12));
    expect(line).toContain('[redacted]');
  });
}

test('what is below the level is dropped', ({ expect }) => {
  const records: LogRecord[] = [];
  const logger = createLogger('warning', (record) => records.push(record));

  logger.info('a request');
  logger.warn('a doubt', { code: 'odd' });
  logger.error('a failure');

  expect(records).toMatchObject([
    { level: 'warning', event: 'a doubt', fields: { code: 'odd' } },
    { level: 'error', event: 'a failure', fields: {} },
  ]);
});

test('security 85: no line break of any kind is left in a line', ({ expect }) => {
  const line = formatLogLine({ ...RECORD, fields: { path: 'a\r\nb\u0085c\u2028d\u2029e\u001B[31m' } });

  // oxlint-disable-next-line no-control-regex -- because that is what must not be there
  expect(line.trimEnd()).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/);
  expect(JSON.parse(line)).toMatchObject({ path: 'a\r\nb\u0085c\u2028d\u2029e\u001B[31m' });
});
