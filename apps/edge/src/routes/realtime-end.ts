import { createServiceContext, endSession, endSessionSchema } from '@ephemera/api';

import { authenticate, authenticateToken } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

/** text/plain as well: it is what `navigator.sendBeacon` sends without a preflight. */
const BODY_RULES = { maxBytes: 65_536, contentTypes: ['application/json', 'text/plain'] } as const;

/** `POST /api/realtime/end`. Idempotent; works while a page is being closed, with the token in the body. */
export function createRealtimeEndRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const { accessToken, report } = splitToken(await readJsonBody(c.req.raw, BODY_RULES));
    const hasHeader = c.req.header('authorization') !== undefined;
    const actor =
      hasHeader || accessToken === undefined
        ? await authenticate(c, actors)
        : await authenticateToken(c, actors, accessToken);
    const parsed = endSessionSchema.safeParse(report);
    if (!parsed.success) throw toInvalidRequest(parsed.error);
    const ended = await endSession(createServiceContext(api, requestInfo(c, actor)), parsed.data);
    c.var.note.sessionId = ended.sessionId;
    return answerJson(c, {
      success: true,
      message: 'Session ended and logged successfully',
      sessionData: ended,
    });
  };
}

function splitToken(body: unknown): { accessToken: string | undefined; report: unknown } {
  if (typeof body !== 'object' || body === null || !('accessToken' in body)) {
    return { accessToken: undefined, report: body };
  }
  const { accessToken, ...report } = body;
  return { accessToken: typeof accessToken === 'string' ? accessToken : '', report };
}
