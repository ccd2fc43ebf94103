import type { Logger } from '@ephemera/api';
import { test } from 'vitest';

import { createRequestLog, type FinishedRequest } from './request-log.ts';

const REQUEST: FinishedRequest = {
  requestId: 'r',
  method: 'POST',
  path: '/v1/realtime/client_secrets',
  status: 429,
  durationMs: 0.123,
  note: { errorCode: 'rate_limited' },
};

function openLog() {
  const lines: { event: string; fields: Readonly<Record<string, unknown>> | undefined }[] = [];
  const add = (event: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push({ event, fields });
  const logger: Logger = { info: add, warn: add, error: add };
  const clock = { nowMs: 1_000_000 };
  const log = createRequestLog(logger, () => clock.nowMs);
  return { lines, clock, log };
}

test('a flood from nobody who is known is counted after its first lines of a second', ({ expect }) => {
  const { lines, clock, log } = openLog();
  for (let index = 0; index < 1_000; index += 1) log(REQUEST);
  expect(lines).toHaveLength(20);

  clock.nowMs += 1_000;
  log({ ...REQUEST, status: 200, note: {} });
  expect(lines.slice(20)).toEqual([
    { event: 'requests.refused', fields: { status: 429, count: 980, second: 1_000_000 } },
    {
      event: 'request',
      fields: { request_id: 'r', method: 'POST', path: REQUEST.path, status: 200, duration_ms: 0.12 },
    },
  ]);
});

test('everybody else has a line of their own, however many they are', ({ expect }) => {
  const { lines, log } = openLog();
  for (const status of [200, 401, 503])
    for (let index = 0; index < 50; index += 1) log({ ...REQUEST, status });
  for (let index = 0; index < 50; index += 1) log({ ...REQUEST, note: { actor: 'user_1' } });

  expect(lines).toHaveLength(200);
});
