import {
  AppError,
  createServiceContext,
  parseUsageBody,
  reportUsage,
  type ReportUsageInput,
  usageModelSchema,
} from '@ephemera/api';

import { authenticate } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

/** A whole `response.done` carries what was said. text/plain is what a beacon sends without a preflight. */
const BODY_RULES = { maxBytes: 524_288, contentTypes: ['application/json', 'text/plain'] } as const;

/**
 * `POST /v1/realtime/sessions/{id}/usage`: a `usage` object or the provider's whole event. `?model=` names the model of
 * a transcription beside a conversation, which no event says.
 */
export function createSessionUsageRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    const event = await readEvent(c);
    const ctx = createServiceContext(api, requestInfo(c, actor));
    const sessionId = c.req.param('id') ?? '';
    const receipt = await reportUsage(ctx, { sessionId, events: [event] });
    c.get('note').sessionId = sessionId;
    return answerJson(c, receipt);
  };
}

async function readEvent(c: EdgeContext): Promise<ReportUsageInput['events'][number]> {
  const body = await readJsonBody(c, BODY_RULES);
  const parsed = parseUsageBody(body);
  if (!parsed.success) throw toInvalidRequest(parsed.error);
  const model = usageModelSchema.safeParse(c.req.query('model'));
  if (!model.success) {
    throw new AppError('invalid_request', 'This is no name of a model.', { details: { param: 'model' } });
  }
  const { eventId, ...event } = parsed.data;
  return { ...event, model: model.data, eventId: eventId ?? (await nameBareUsage(c, body)) };
}

/**
 * A usage object has no id of its own. Its own digest stands in for it, unless the caller names it: the context grows
 * with every response, so that two of one session are never the same, but a retried one is.
 */
async function nameBareUsage(c: EdgeContext, body: unknown): Promise<string> {
  const name = c.req.header('idempotency-key') ?? JSON.stringify(body);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(name)));
  const hex = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0'));
  return `usage_${hex.join('')}`;
}
