import type { Clock, ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { StatusTerms } from '../../nodes/status.ts';
import type { NodeDetail } from './view.ts';
import { DETAIL_COLUMNS, toNodeDetail } from './view.ts';

type Context = Pick<ServiceContext, 'settings'> & { clock: Clock };

export function statusTerms({ clock, settings }: Context): StatusTerms {
  return { nowMs: clock.now(), heartbeatSeconds: settings.nodes.heartbeatSeconds };
}

export function noSuchNode(): AppError {
  return new AppError('not_found', 'There is no such node.');
}

const FIND_SQL = `select ${DETAIL_COLUMNS} from nodes n where n.id = ?1 and n.revoked_at is null`;

/** Throws `not_found`, for a revoked one as well. */
export async function findNode(ctx: ServiceContext, id: string): Promise<NodeDetail> {
  const [row] = await ctx.database.read(FIND_SQL, [id]);
  if (row === undefined) throw noSuchNode();
  return toNodeDetail(row, statusTerms(ctx));
}
