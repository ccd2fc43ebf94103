import {
  type Actor,
  createServiceContext,
  endSession,
  endSessionSchema,
  type PersonActor,
} from '@ephemera/api';

import { authenticateToken, noteActor } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { authenticateOrGuest } from '../http/guest.ts';
import { readJsonBody } from '../http/read-body.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

/** text/plain as well: it is what `navigator.sendBeacon` sends without a preflight. */
const BODY_RULES = { maxBytes: 65_536, contentTypes: ['application/json', 'text/plain'] } as const;

export type RealtimeEndDependencies = RouteDependencies & {
  findSignedIn: (headers: Headers) => Promise<PersonActor | null>;
  ownOrigin: string;
  /** Whether sessions are minted for callers without a token, who can then end them. */
  areGuestsAllowed: boolean;
};

/** `POST /api/realtime/end`. Idempotent; works while a page is being closed, with the token in the body. */
export function createRealtimeEndRoute(deps: RealtimeEndDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const { accessToken, report } = splitToken(await readJsonBody(c, BODY_RULES));
    const actor = await findCaller(c, deps, accessToken);
    const parsed = endSessionSchema.safeParse(report);
    if (!parsed.success) throw toInvalidRequest(parsed.error);
    const ended = await endSession(createServiceContext(deps.api, requestInfo(c, actor)), parsed.data);
    c.get('note').sessionId = ended.sessionId;
    return answerJson(c, {
      success: true,
      message: 'Session ended and logged successfully',
      sessionData: ended,
    });
  };
}

/** By header, by the body's token, or by the sign-in cookie of a page of ours: a foreign page's beacon carries it too. */
async function findCaller(
  c: EdgeContext,
  { actors, findSignedIn, ownOrigin, areGuestsAllowed }: RealtimeEndDependencies,
  accessToken: string | undefined,
): Promise<Actor> {
  const hasHeader = c.req.header('authorization') !== undefined;
  if (!hasHeader && accessToken !== undefined) return await authenticateToken(c, actors, accessToken);
  if (!hasHeader && c.req.header('origin') === ownOrigin) {
    const actor = await findSignedIn(c.req.raw.headers);
    if (actor !== null) return noteActor(c, actor);
  }
  return await authenticateOrGuest(c, actors, { areAllowed: areGuestsAllowed, scopes: ['sessions:report'] });
}

function splitToken(body: unknown): { accessToken: string | undefined; report: unknown } {
  if (typeof body !== 'object' || body === null || !('accessToken' in body)) {
    return { accessToken: undefined, report: body };
  }
  const { accessToken, ...report } = body;
  return { accessToken: typeof accessToken === 'string' ? accessToken : '', report };
}
