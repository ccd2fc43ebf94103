import * as z from 'zod';

import { endSession } from '../services/sessions/end.ts';
import { getSession } from '../services/sessions/get.ts';
import { heartbeat } from '../services/sessions/heartbeat.ts';
import { listSessions } from '../services/sessions/list.ts';
import { reportUsage } from '../services/usage/report.ts';
import { reportUsageSchema, usageReceiptSchema } from '../services/usage/schemas.ts';
import { reportConnected } from '../services/sessions/report-connected.ts';
import { procedure, router } from '../trpc.ts';
import {
  endedSessionSchema,
  endSessionSchema,
  heartbeatSchema,
  listSessionsSchema,
  reportConnectedSchema,
  sessionDetailSchema,
  sessionId,
  sessionSummarySchema,
} from './schemas.ts';

export const sessionsRouter = router({
  list: procedure('sessions:read')
    .input(listSessionsSchema)
    .output(z.object({ items: z.array(sessionSummarySchema), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listSessions(ctx, input)),
  get: procedure('sessions:read')
    .input(z.strictObject({ id: sessionId }))
    .output(sessionDetailSchema)
    .query(({ ctx, input }) => getSession(ctx, input)),
  reportConnected: procedure('sessions:report')
    .input(reportConnectedSchema)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(({ ctx, input }) => reportConnected(ctx, input)),
  reportUsage: procedure('sessions:report')
    .input(reportUsageSchema)
    .output(usageReceiptSchema)
    .mutation(({ ctx, input }) => reportUsage(ctx, input)),
  heartbeat: procedure('sessions:report')
    .input(z.strictObject({ sessionId }))
    .output(heartbeatSchema)
    .mutation(({ ctx, input }) => heartbeat(ctx, input)),
  end: procedure('sessions:report')
    .input(endSessionSchema)
    .output(endedSessionSchema)
    .mutation(({ ctx, input }) => endSession(ctx, input)),
});
