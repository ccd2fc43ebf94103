import type { IcePair, SessionRow, SessionStep } from '@ephemera/db';

import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { getOwnSession } from './find.ts';

export type ReportConnectedInput = {
  sessionId: string;
  callId?: string | undefined;
  transport: NonNullable<SessionRow['transport']>;
  icePair?: IcePair | undefined;
  steps?: SessionStep[] | undefined;
};

/** The first report starts the time that the conversation may last; a row that is over stays over. */
const UPDATE_SQL = `update sessions set
    state = 'connected',
    deadline_at = iif(deadline_at is null or connected_at is not null, deadline_at, ?1 + limit_seconds * 1000),
    connected_at = coalesce(connected_at, ?1), transport = coalesce(transport, ?2),
    call_id = coalesce(call_id, ?3), ice_pair = coalesce(ice_pair, ?4), steps = coalesce(steps, ?5),
    last_seen_at = coalesce(last_seen_at, ?1)
  where id = ?6 and state in ('issued', 'connected') and (deadline_at is null or deadline_at > ?1)
  returning id`;

/** A client says that its call stands. Repeating it fills gaps and changes nothing; after the end it is ignored. */
export async function reportConnected(
  ctx: ServiceContext,
  input: ReportConnectedInput,
): Promise<{ ok: true }> {
  const ownerId = ownerIdOf(requireScope(ctx, 'sessions:report'));
  const { id } = await getOwnSession(ctx, ownerId, input.sessionId);
  const { rows } = await ctx.database.write({
    sql: UPDATE_SQL,
    args: [
      ctx.clock.now(),
      input.transport,
      input.callId ?? null,
      input.icePair === undefined ? null : JSON.stringify(input.icePair),
      input.steps === undefined ? null : JSON.stringify(input.steps),
      id,
    ],
  });
  if (rows.length > 0) ctx.logger.info('session.connected', { sessionId: id, transport: input.transport });
  return { ok: true };
}
