import type { Logger } from '@ephemera/api';

import type { RequestNote } from './edge-context.ts';

export type FinishedRequest = {
  requestId: string;
  method: string;
  /** The matched route pattern or the path: never the query, which may hold what does not belong in a log. */
  path: string;
  status: number;
  durationMs: number;
  note: RequestNote;
};

export type RequestLog = (request: FinishedRequest) => void;

const MAX_PATH_LENGTH = 200;
const SECOND_MS = 1_000;
/** Of requests from nobody who is known that were too many: a flood must not fill the disk as well. */
const FLOOD_LINES_PER_SECOND = 20;

function isFlood({ status, note }: FinishedRequest): boolean {
  return status === 429 && note.actor === undefined;
}

function writeLine(logger: Logger, { note, ...request }: FinishedRequest): void {
  logger.info('request', {
    request_id: request.requestId,
    method: request.method,
    path: request.path.slice(0, MAX_PATH_LENGTH),
    status: request.status,
    duration_ms: Math.round(request.durationMs * 100) / 100,
    ...(note.actor === undefined ? {} : { actor: note.actor }),
    ...(note.sessionId === undefined ? {} : { session_id: note.sessionId }),
    ...(note.errorCode === undefined ? {} : { error_code: note.errorCode }),
  });
}

/**
 * One line for one request; no body, no header, no query. Of a flood the first lines of each second, and then how many
 * more there were.
 */
export function createRequestLog(logger: Logger, now: () => number): RequestLog {
  let second = 0;
  let written = 0;
  let left = 0;

  function beginSecond(current: number): void {
    if (left > 0) logger.warn('requests.refused', { status: 429, count: left, second: second * SECOND_MS });
    second = current;
    written = 0;
    left = 0;
  }

  return (request) => {
    const current = Math.floor(now() / SECOND_MS);
    if (current !== second) beginSecond(current);
    if (!isFlood(request)) {
      writeLine(logger, request);
      return;
    }
    if (written < FLOOD_LINES_PER_SECOND) writeLine(logger, request);
    else left += 1;
    written += 1;
  };
}
