import { configure, dispose, getLogger, getStreamSink, type Logger } from '@logtape/logtape';
import type { Writable } from 'node:stream';

import type { LogLevel } from '../config-variables.ts';
import { formatLogLine } from '../log-format.ts';

const FLUSH_INTERVAL_MS = 100;
const BUFFERED_RECORDS = 256;

/** JSON lines, written in batches off the request path; `close` writes what is still waiting. */
export async function openLog(
  output: Writable,
  level: LogLevel,
): Promise<{ logger: Logger; close: () => Promise<void> }> {
  const sink = getStreamSink(toWebStream(output), {
    formatter: formatLogLine,
    nonBlocking: { bufferSize: BUFFERED_RECORDS, flushInterval: FLUSH_INTERVAL_MS },
  });
  await configure({
    sinks: { lines: sink },
    loggers: [
      { category: 'ephemera', lowestLevel: level, sinks: ['lines'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: ['lines'] },
    ],
  });
  return { logger: getLogger('ephemera'), close: dispose };
}

/** Without `Writable.toWeb`: that closes the process's own stream when the sink is disposed of. */
function toWebStream(output: Writable): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (chunk) => {
      output.write(chunk);
    },
  });
}
