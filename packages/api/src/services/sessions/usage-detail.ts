import type { SessionRow, UsageEventRow } from '@ephemera/db';
import { usageEvents } from '@ephemera/db';
import { asc, eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import type { UsageAmounts } from '../../pricing/amounts.ts';
import type { CostLine } from '../../pricing/price-usage.ts';
import { listCostLines } from '../../pricing/price-usage.ts';

export type UsageEvent = UsageAmounts & {
  eventId: string;
  kind: UsageEventRow['kind'];
  model: string | null;
  at: string;
  costMicroUsd: number | null;
};

export type UsageDetail = { usageEvents: UsageEvent[]; cost: CostLine[] };

/** A page shows no more; the sums are over all of them. */
const MAX_SHOWN = 500;

function amountsOf(row: UsageEventRow): UsageAmounts {
  const { textInput, textCachedInput, textOutput, audioInput, audioCachedInput, audioOutput } = row;
  const { imageInput, imageCachedInput, seconds } = row;
  return {
    textInput,
    textCachedInput,
    textOutput,
    audioInput,
    audioCachedInput,
    audioOutput,
    imageInput,
    imageCachedInput,
    seconds,
  };
}

function toEvent(row: UsageEventRow): UsageEvent {
  const { eventId, kind, model, at, costMicroUsd } = row;
  return { eventId, kind, model, at: at.toISOString(), costMicroUsd, ...amountsOf(row) };
}

function addLine(sums: Map<string, CostLine>, line: CostLine): void {
  const name = `${line.modality} ${line.direction} ${line.unit}`;
  const sum = sums.get(name);
  if (sum === undefined) {
    sums.set(name, { ...line });
    return;
  }
  sum.quantity += line.quantity;
  // Of a sum with an unknown part nobody knows the whole.
  sum.microUsd = sum.microUsd === null || line.microUsd === null ? null : sum.microUsd + line.microUsd;
}

/** What was reported of a session, event by event and by kind of token. */
export async function readUsageDetail(
  { database }: Pick<ServiceContext, 'database'>,
  session: Pick<SessionRow, 'id' | 'model'>,
): Promise<UsageDetail> {
  const rows = await database.orm
    .select()
    .from(usageEvents)
    .where(eq(usageEvents.sessionId, session.id))
    .orderBy(asc(usageEvents.at), asc(usageEvents.eventId));
  const sums = new Map<string, CostLine>();
  for (const row of rows) {
    const model = row.model ?? session.model ?? '';
    for (const line of listCostLines(model, amountsOf(row), row.at.getTime())) addLine(sums, line);
  }
  return { usageEvents: rows.slice(0, MAX_SHOWN).map(toEvent), cost: [...sums.values()] };
}
