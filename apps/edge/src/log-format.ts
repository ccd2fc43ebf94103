import type { Logger } from '@ephemera/api';

import type { LogLevel } from './config-variables.ts';

export type LogRecord = {
  atMs: number;
  level: LogLevel;
  event: string;
  fields: Readonly<Record<string, unknown>>;
};

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warning: 2, error: 3 };

/** Shapes of secrets that must not reach a log even when something upstream of it goes wrong. */
const SECRET_SHAPES = /\b(?:sk|ek|eph)[-_][\w-]{6,}|\bAIza[\w-]{16,}|\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g;

/** Of Unicode's line breaks and controls, those that JSON leaves as they are: a reader of lines may not. */
const LINE_BREAKS = /[\u007F-\u009F\u2028\u2029]/g;

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Records of the given level and above; what becomes of one is the host's business. */
export function createLogger(lowest: LogLevel, add: (record: LogRecord) => void): Logger {
  const log = (level: LogLevel) =>
    RANK[level] < RANK[lowest]
      ? () => undefined
      : (event: string, fields: LogRecord['fields'] = {}) => {
          add({ atMs: Date.now(), level, event, fields });
        };
  return { info: log('info'), warn: log('warning'), error: log('error') };
}

/** One JSON line a record. */
export function formatLogLine({ atMs, level, event, fields }: LogRecord): string {
  const line = JSON.stringify({
    ts: new Date(atMs).toISOString(),
    level,
    msg: event,
    logger: 'ephemera',
    ...fields,
  });
  return `${line.replace(SECRET_SHAPES, '[redacted]').replace(LINE_BREAKS, escape)}\n`;
}
