import type { Logger } from '@ephemera/api';
import type { Writable } from 'node:stream';

import type { LogLevel } from '../config-variables.ts';
import { createLogger, formatLogLine, type LogRecord } from '../log-format.ts';

const FLUSH_AFTER_MS = 100;
const FLUSH_AT_RECORDS = 128;

export type Log = { logger: Logger; close: () => void };

/** JSON lines, put together and written in batches off the request path; `close` writes what is still waiting. */
export function openLog(output: Writable, level: LogLevel): Log {
  let records: LogRecord[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (records.length === 0) return;
    output.write(records.map(formatLogLine).join(''));
    records = [];
  };
  const add = (record: LogRecord): void => {
    records.push(record);
    if (records.length >= FLUSH_AT_RECORDS) flush();
    else timer ??= setTimeout(flush, FLUSH_AFTER_MS);
  };
  return { logger: createLogger(level, add), close: flush };
}
