import { messageFields, nodeFields, type StreamEvent, streamMessages } from '@ephemera/api';
import * as z from 'zod';

import type { EdgeContext } from '../../http/edge-context.ts';
import type { RouteDependencies } from '../route-dependencies.ts';
import { type ServerEvent, toEventStream } from './event-stream.ts';
import { toMessageBody } from './message-views.ts';
import { contextOf, parseInput, readParam } from './read-input.ts';

const headersSchema = z.object({ 'last-event-id': messageFields.eventId.default('0') });

function readLastEventId(c: EdgeContext): number {
  const header = c.req.header('last-event-id');
  const headers = header === undefined || header === '' ? {} : { 'last-event-id': header };
  return Number(parseInput(headersSchema, headers)['last-event-id']);
}

async function* toServerEvents(events: AsyncGenerator<StreamEvent>): AsyncGenerator<ServerEvent> {
  for await (const event of events) {
    if (event.kind === 'ping') yield { comment: 'ping' };
    else {
      const data = JSON.stringify(toMessageBody(event.message));
      yield { id: String(event.eventId), event: 'message', data };
    }
  }
}

/** `GET /api/v1/messages/stream/{node_id}`: server-sent events, to be gone on with by `Last-Event-ID`. */
export function createMessageStreamRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const nodeId = readParam(c, 'node_id', nodeFields.id);
    const afterEventId = readLastEventId(c);
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
    };
    c.req.raw.signal.addEventListener('abort', leave, { once: true });
    const events = streamMessages(ctx, { nodeId, afterEventId }, gone.signal);
    return new Response(toEventStream(toServerEvents(events), leave), {
      headers: { ...c.get('answerHeaders'), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    });
  };
}
