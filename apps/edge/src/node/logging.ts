import { configure, dispose, getLogger, type Logger, type LogRecord } from '@logtape/logtape';
import type { Writable } from 'node:stream';

import type { LogLevel } from '../config-variables.ts';
import { formatLogLine } from '../log-format.ts';

const FLUSH_AFTER_MS = 100;
const FLUSH_AT_LINES = 512;

export type Log = { logger: Logger; close: () => Promise<void> };

/** JSON lines, written in batches off the request path; `close` writes what is still waiting. */
export async function openLog(output: Writable, level: LogLevel): Promise<Log> {
  const lines = createLineBuffer(output);
  await configure({
    reset: true,
    sinks: {
      lines: (record: LogRecord) => {
        lines.add(formatLogLine(record));
      },
    },
    loggers: [
      { category: 'ephemera', lowestLevel: level, sinks: ['lines'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: ['lines'] },
    ],
  });
  return {
    logger: getLogger('ephemera'),
    close: async () => {
      lines.flush();
      await dispose();
    },
  };
}

/** LogTape's own stream sink writes line by line through a web stream, which costs more than the rest of a line. */
function createLineBuffer(output: Writable): { add: (line: string) => void; flush: () => void } {
  let lines: string[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (lines.length === 0) return;
    output.write(lines.join(''));
    lines = [];
  };
  return {
    flush,
    add: (line) => {
      lines.push(line);
      if (lines.length >= FLUSH_AT_LINES) flush();
      else timer ??= setTimeout(flush, FLUSH_AFTER_MS);
    },
  };
}
