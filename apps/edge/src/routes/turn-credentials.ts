import {
  AppError,
  createServiceContext,
  type IceServer,
  type IssuedTurnCredentials,
  issueTurnCredentials,
} from '@ephemera/api';
import * as z from 'zod';

import { authenticate } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

const MAX_ASKED_TTL_SECONDS = 172_800;

export const turnQuery = z.object({
  format: z.enum(['legacy', 'standard']).optional(),
  fallback: z.literal('stun').optional(),
  ttl: z
    .string()
    .regex(/^\d{1,6}$/, 'expected whole seconds')
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_ASKED_TTL_SECONDS))
    .optional(),
});

/** `GET /api/v1/webrtc/turn-credentials`. */
export function createTurnCredentialsRoute(
  { api, actors }: RouteDependencies,
  stunServers: readonly IceServer[],
) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    const query = turnQuery.safeParse(c.req.query());
    if (!query.success) throw toInvalidRequest(query.error);
    const { format, fallback, ttl } = query.data;
    try {
      const issued = await issueTurnCredentials(createServiceContext(api, requestInfo(c, actor)), {
        ttlSeconds: ttl,
      });
      return answerJson(c, format === 'standard' ? toStandard(issued) : toLegacy(issued));
    } catch (error) {
      if (fallback === undefined || !(error instanceof AppError) || error.code !== 'unavailable') throw error;
      return answerJson(c, toLegacy({ iceServers: stunServers, ttlSeconds: 0 }), {
        status: error.httpStatus,
      });
    }
  };
}

function toStandard({ ttlSeconds, expiresAt, ...issued }: IssuedTurnCredentials) {
  return { ...issued, ttl: ttlSeconds, expiresAt: expiresAt.toISOString() };
}

/** One entry an address, each with both `url` and `urls` as a string: existing clients read either. */
function toLegacy({ iceServers, ttlSeconds }: { iceServers: readonly IceServer[]; ttlSeconds: number }) {
  return {
    ttl: ttlSeconds,
    iceServers: iceServers.flatMap(({ urls, ...login }) => urls.map((url) => ({ url, urls: url, ...login }))),
  };
}
