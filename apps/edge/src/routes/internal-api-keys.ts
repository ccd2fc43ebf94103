import {
  AppError,
  createServiceContext,
  fetchKeysForService,
  type InternalSecrets,
  refuseInternalCaller,
  reportUses,
  requireScope,
  type ServiceContext,
  type UseReport,
  useReportSchema,
  useReportsSchema,
} from '@ephemera/api';

import { noteActor, readFacts } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { readRemoteNetwork } from '../http/remote-address.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

export type InternalApiKeysDependencies = RouteDependencies & { internalSecrets: InternalSecrets };

/** 500 reports with a long text each. */
const BODY_RULES = { maxBytes: 1_048_576, contentTypes: ['application/json'] } as const;
const MAX_PROVIDER_LENGTH = 64;

/** `GET /api/internal/api-keys`: the keys that can be used now, the best first, as a bare array. */
export function createReadKeysRoute(deps: InternalApiKeysDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = (await admitNode(c, deps)) ?? (await admitService(c, deps));
    const provider = c.req.query('provider');
    if (provider !== undefined && provider.length > MAX_PROVIDER_LENGTH) {
      throw new AppError('invalid_request', 'The provider is not valid.', { details: { param: 'provider' } });
    }
    // An empty one is what a script sends whose variable is not set; it means all, like none.
    return answerJson(
      c,
      await fetchKeysForService(ctx, { provider: provider === '' ? undefined : provider }),
    );
  };
}

/** `POST /api/internal/api-keys`: how it went with a key, once or in a batch. Answers after the commit. */
export function createReportUsesRoute(deps: InternalApiKeysDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await admitService(c, deps);
    const { reports, isBatch } = parseReports((await readJsonBody(c, BODY_RULES)) ?? {});
    const outcome = await reportUses(ctx, reports);
    if (isBatch) return answerJson(c, { success: true, ...outcome });
    if (outcome.unknown.length > 0) throw new AppError('not_found', 'There is no key with this id.');
    return answerJson(c, { success: true });
  };
}

/** Throws `invalid_request` that names what is wrong, by its path. */
function parseReports(body: unknown): { reports: readonly UseReport[]; isBatch: boolean } {
  const isBatch = typeof body === 'object' && body !== null && 'reports' in body;
  const parsed = isBatch ? useReportsSchema.safeParse(body) : useReportSchema.safeParse(body);
  if (!parsed.success) throw toInvalidRequest(parsed.error);
  return { reports: 'reports' in parsed.data ? parsed.data.reports : [parsed.data], isBatch };
}

const JWT = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/i;

/** A node by its own token; null: whoever asks shows none, and may be a service. */
async function admitNode(
  c: EdgeContext,
  { api, actors }: InternalApiKeysDependencies,
): Promise<ServiceContext | null> {
  const authorization = c.req.header('authorization');
  if (authorization === undefined || !JWT.test(authorization)) return null;
  const actor = await actors.fromHeader(authorization, readFacts(c)).catch(forgiveBadToken);
  if (actor?.kind !== 'node') return null;
  requireScope({ actor }, 'keys:read-for-service');
  return createServiceContext(api, requestInfo(c, noteActor(c, actor)));
}

/** What is no good token is refused, and counted, like any other wrong secret. */
function forgiveBadToken(error: unknown): null {
  if (error instanceof AppError && error.httpStatus === 401) return null;
  throw error;
}

/** The service by its secret, before anything of the request is read. Throws `unauthenticated` or `rate_limited`. */
async function admitService(
  c: EdgeContext,
  { api, internalSecrets }: InternalApiKeysDependencies,
): Promise<ServiceContext> {
  const network = readRemoteNetwork(c);
  const actor = await internalSecrets.find(c.req.header('authorization'));
  if (actor === null) {
    const refused = createServiceContext(api, requestInfo(c, { kind: 'anonymous' }));
    return await refuseInternalCaller(refused, { address: network?.subject ?? 'unknown' });
  }
  c.get('note').actor = `internal:${actor.id}`;
  return createServiceContext(api, requestInfo(c, actor));
}
