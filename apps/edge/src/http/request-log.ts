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

const MAX_PATH_LENGTH = 200;

/** One line for one request; no body, no header, no query. */
export function logRequest(logger: Logger, request: FinishedRequest): void {
  logger.info('request', {
    request_id: request.requestId,
    method: request.method,
    path: request.path.slice(0, MAX_PATH_LENGTH),
    status: request.status,
    duration_ms: Math.round(request.durationMs * 100) / 100,
    ...(request.note.actor === undefined ? {} : { actor: request.note.actor }),
    ...(request.note.sessionId === undefined ? {} : { session_id: request.note.sessionId }),
    ...(request.note.errorCode === undefined ? {} : { error_code: request.note.errorCode }),
  });
}
