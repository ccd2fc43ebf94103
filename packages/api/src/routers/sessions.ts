import * as z from 'zod';

import { endSession } from '../services/sessions/end.ts';
import { getSession } from '../services/sessions/get.ts';
import { listSessions } from '../services/sessions/list.ts';
import { reportConnected } from '../services/sessions/report-connected.ts';
import { router, userProcedure } from '../trpc.ts';
import {
  endedSessionSchema,
  endSessionSchema,
  listSessionsSchema,
  reportConnectedSchema,
  sessionDetailSchema,
  sessionId,
  sessionSummarySchema,
} from './schemas.ts';

export const sessionsRouter = router({
  list: userProcedure
    .input(listSessionsSchema)
    .output(z.object({ items: z.array(sessionSummarySchema), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listSessions(ctx, input)),
  get: userProcedure
    .input(z.strictObject({ id: sessionId }))
    .output(sessionDetailSchema)
    .query(({ ctx, input }) => getSession(ctx, input)),
  reportConnected: userProcedure
    .input(reportConnectedSchema)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(({ ctx, input }) => reportConnected(ctx, input)),
  end: userProcedure
    .input(endSessionSchema)
    .output(endedSessionSchema)
    .mutation(({ ctx, input }) => endSession(ctx, input)),
});
