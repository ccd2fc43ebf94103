import { type EdgeContext, withAnswerHeaders } from '../http/edge-context.ts';
import { boundBody } from '../http/read-body.ts';
import { sanitizeCallerHeaders } from '../http/caller-headers.ts';

/** better-auth's own handler for everything under `/api/auth`. */
export type AuthHandler = (request: Request) => Promise<Response>;

const MAX_BODY_BYTES = 65_536;

/** Sign-in, sign-out, the session and the user's token. */
export function createAuthRoute(handle: AuthHandler) {
  return async (c: EdgeContext): Promise<Response> => {
    const request = await boundBody(c.req.raw, MAX_BODY_BYTES);
    const headers = sanitizeCallerHeaders(request.headers);
    return withAnswerHeaders(c, await handle(new Request(request, { headers })));
  };
}
