import { type AuthRequestInfo, readRefusalCode } from '@ephemera/api';

import { type EdgeContext, withAnswerHeaders } from '../http/edge-context.ts';
import { boundBody } from '../http/read-body.ts';
import { sanitizeCallerHeaders } from '../http/caller-headers.ts';
import { readRemoteNetwork } from '../http/remote-address.ts';

/** The accounts' own routes, under `/api/auth`. */
export type AuthHandler = (request: Request, info: AuthRequestInfo) => Promise<Response>;

const MAX_BODY_BYTES = 65_536;

/** Sign-in, second factor, sign-out, the session and the user's token. */
export function createAuthRoute(handle: AuthHandler) {
  return async (c: EdgeContext): Promise<Response> => {
    const request = await boundBody(c.req.raw, MAX_BODY_BYTES);
    const headers = sanitizeCallerHeaders(request.headers);
    const info = { requestId: c.get('requestId'), network: readRemoteNetwork(c) };
    const response = await handle(new Request(request, { headers }), info);
    if (!response.ok) await noteRefusal(c, response.clone());
    return withAnswerHeaders(c, response);
  };
}

/** The account library answers by itself, so its code reaches the request's line in the log this way only. */
async function noteRefusal(c: EdgeContext, refused: Response): Promise<void> {
  const code = readRefusalCode(await refused.text());
  if (code !== null) c.get('note').errorCode = code;
}
