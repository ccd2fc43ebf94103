import type { IcePair, SessionRow, SessionStep } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { requireUser } from '../../require-user.ts';
import { getOwnSession, idColumnOf } from './find.ts';

export type ReportConnectedInput = {
  sessionId: string;
  callId?: string | undefined;
  transport: NonNullable<SessionRow['transport']>;
  icePair?: IcePair | undefined;
  steps?: SessionStep[] | undefined;
};

function updateSql(idColumn: string): string {
  return `update sessions set
    state = 'connected', connected_at = coalesce(connected_at, ?1), transport = coalesce(transport, ?2),
    call_id = coalesce(call_id, ?3), ice_pair = coalesce(ice_pair, ?4), steps = coalesce(steps, ?5)
    where ${idColumn} = ?6 and user_id = ?7 and state in ('issued', 'connected')
    returning id`;
}

const UPDATE_SQL = { id: updateSql('id'), provider_session_id: updateSql('provider_session_id') };

/** A client says that its call stands. Repeating it fills gaps and changes nothing; after the end it is ignored. */
export async function reportConnected(
  ctx: ServiceContext,
  input: ReportConnectedInput,
): Promise<{ ok: true }> {
  const user = requireUser(ctx);
  const { rows } = await ctx.database.write({
    sql: UPDATE_SQL[idColumnOf(input.sessionId)],
    args: [
      ctx.clock.now(),
      input.transport,
      input.callId ?? null,
      input.icePair === undefined ? null : JSON.stringify(input.icePair),
      input.steps === undefined ? null : JSON.stringify(input.steps),
      input.sessionId,
      user.id,
    ],
  });
  const [row] = rows;
  if (row === undefined) await getOwnSession(ctx, user, input.sessionId);
  else ctx.logger.info('session.connected', { sessionId: row['id'], transport: input.transport });
  return { ok: true };
}
