import type { Statement } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';

const CHARGE_SQL = `update sessions set cost_micro_usd = max(coalesce(cost_micro_usd, 0), reserved_micro_usd),
    cost_status = 'estimated', cost_source = 'worst_case'
  where id in (select value from json_each(?1)) and state = 'ended' and deadline_at is null
    and cost_status is not 'known' and reserved_micro_usd > 0
    and not exists (select 1 from usage_events where session_id = sessions.id)`;

/**
 * After the statement that closes: of whom nobody ever told what they used counts their worst case, where that is set,
 * whoever ended them and whatever length was told. A call that failed before it stood used nothing.
 */
export function chargeUnreported(
  { unreportedSessions }: Pick<ServiceContext['settings'], 'unreportedSessions'>,
  ids: readonly string[],
): Statement[] {
  return unreportedSessions === 'charge' ? [{ sql: CHARGE_SQL, args: [JSON.stringify(ids)] }] : [];
}
