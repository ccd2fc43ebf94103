import type { LogRecord } from '@logtape/logtape';

/** Shapes of secrets that must not reach a log even when something upstream of it goes wrong. */
const SECRET_SHAPES = /\b(?:sk|ek|eph)[-_][\w-]{6,}|\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g;

/** One JSON line a record. */
export function formatLogLine(record: LogRecord): string {
  const line = JSON.stringify({
    ts: new Date(record.timestamp).toISOString(),
    level: record.level,
    msg: record.message.map(String).join(''),
    logger: record.category.join('.'),
    ...record.properties,
  });
  return `${line.replace(SECRET_SHAPES, '[redacted]')}\n`;
}
