import type { IcePair, SessionRow, SessionStep } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { findSessionId, getOwnSession, sessionNotFound } from './find.ts';

export type ReportConnectedInput = {
  sessionId: string;
  callId?: string | undefined;
  transport: NonNullable<SessionRow['transport']>;
  icePair?: IcePair | undefined;
  steps?: SessionStep[] | undefined;
};

const UPDATE_SQL = `update sessions set
    state = 'connected', connected_at = coalesce(connected_at, ?1), transport = coalesce(transport, ?2),
    call_id = coalesce(call_id, ?3), ice_pair = coalesce(ice_pair, ?4), steps = coalesce(steps, ?5)
    where id = ?6 and ?7 in (user_id, access_key_id) and state in ('issued', 'connected')
    returning id`;

/** A client says that its call stands. Repeating it fills gaps and changes nothing; after the end it is ignored. */
export async function reportConnected(
  ctx: ServiceContext,
  input: ReportConnectedInput,
): Promise<{ ok: true }> {
  const ownerId = ownerIdOf(requireScope(ctx, 'sessions:report'));
  const id = await findSessionId(ctx, input.sessionId, ownerId);
  if (id === null) throw sessionNotFound();
  const { rows } = await ctx.database.write({
    sql: UPDATE_SQL,
    args: [
      ctx.clock.now(),
      input.transport,
      input.callId ?? null,
      input.icePair === undefined ? null : JSON.stringify(input.icePair),
      input.steps === undefined ? null : JSON.stringify(input.steps),
      id,
      ownerId,
    ],
  });
  const [row] = rows;
  if (row === undefined) await getOwnSession(ctx, ownerId, id);
  else ctx.logger.info('session.connected', { sessionId: row['id'], transport: input.transport });
  return { ok: true };
}
