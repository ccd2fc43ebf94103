import type { ServiceContext } from '../../context.ts';
import type { KeyUse } from './summary.ts';

const NONE: KeyUse = { openSessions: 0, budget: null };

/** What the keys have open and have spent. A key that was never used has none of it. */
export async function readKeyUse(ctx: ServiceContext): Promise<(id: string) => KeyUse> {
  const rows = await ctx.database.read(
    "select subject, open_sessions from allowances where kind = 'access_key'",
  );
  const byId = new Map(
    rows.map((row) => [String(row['subject']), { ...NONE, openSessions: Number(row['open_sessions']) }]),
  );
  return (id) => byId.get(id) ?? NONE;
}
