import type { ProviderKeyRow, Statement } from '@ephemera/db';
import { providerKeys } from '@ephemera/db';
import { inArray } from 'drizzle-orm';

import { maskSecrets } from '../../audit/mask-secrets.ts';
import type { InternalActor, ServiceContext } from '../../context.ts';
import { classifyCode } from '../../pool/failure-class.ts';
import type { KeyEvent } from '../../pool/key-health.ts';
import { requireInternal } from '../../require-internal.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import { planKeyEvent } from './change-health.ts';
import { pruneInternalRecords } from './prune.ts';

export type UseReport = {
  keyId: string;
  success: boolean;
  /** The provider's code or text. With one, the use counts as an error whatever `success` says. */
  error?: string | undefined;
  /** Of all services together, so that it holds while a secret is rotated: the same one again counts nothing. */
  idempotencyKey?: string | undefined;
};

export type ReportOutcome = {
  counted: number;
  duplicates: number;
  /** Ids of keys that there are not. */
  unknown: string[];
};

/** As it is stored. */
type Use = { keyId: string; ok: 0 | 1; error: string | null; idempotencyKey: string };

/** One for all secrets: a report that is tried again under the next secret is still the same report. */
const CALLER = 'internal';

/** All reports of a request in one statement. A trigger counts each row that takes effect, in the same transaction. */
const INSERT_SQL = `insert into provider_key_reports (caller, idempotency_key, key_id, ok, error, at)
  select ?1, value ->> 'idempotencyKey', k.id, value ->> 'ok', value ->> 'error', ?2
  from json_each(?3) cross join provider_keys k on k.id = value ->> 'keyId'
  where changes() > 0
  on conflict do nothing
  returning idempotency_key`;

/** Whether this very unit counted one of some uses: what was counted before, or not at all, changes no state. */
const isCounted = (uses: string, at: string): string => `exists (
  select 1 from json_each(${uses}) join provider_key_reports r
    on r.caller = '${CALLER}' and r.idempotency_key = value ->> 'idempotencyKey'
  where r.key_id = value ->> 'keyId' and r.error is (value ->> 'error') and r.at = ${at})`;

const NO_TEXT = 'unspecified';

function isFailure({ success, error }: UseReport): boolean {
  return !success || (error !== undefined && error !== '');
}

async function findRows(
  ctx: ServiceContext,
  reports: readonly UseReport[],
): Promise<Map<string, ProviderKeyRow>> {
  const ids = [...new Set(reports.map(({ keyId }) => keyId))];
  const rows =
    ids.length === 0
      ? []
      : await ctx.database.orm.select().from(providerKeys).where(inArray(providerKeys.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}

/** The text as it may be kept: without the very key it is about, and without whatever else looks like one. */
async function maskError(
  ctx: ServiceContext,
  report: UseReport,
  row: ProviderKeyRow | undefined,
): Promise<string> {
  const opened = row === undefined ? null : await ctx.keySecrets.open(row);
  const known = opened?.kind === 'open' ? [opened.secret] : [];
  return maskSecrets(report.error ?? '', known) || NO_TEXT;
}

async function toUse(
  ctx: ServiceContext,
  report: UseReport,
  rows: ReadonlyMap<string, ProviderKeyRow>,
): Promise<Use> {
  const { keyId } = report;
  const idempotencyKey = report.idempotencyKey ?? `auto:${ctx.ids.requestId()}`;
  if (!isFailure(report)) return { keyId, ok: 1, error: null, idempotencyKey };
  return { keyId, ok: 0, error: await maskError(ctx, report, rows.get(keyId)), idempotencyKey };
}

function insertStatement(uses: readonly Use[], nowMs: number): Statement {
  return { sql: INSERT_SQL, args: [CALLER, nowMs, JSON.stringify(uses)] };
}

/** A use that says something about the health of its key; `topic` tells the events of one key apart. */
type TellingUse = { use: Use; row: ProviderKeyRow; topic: string; event: KeyEvent };

/** A provider's own word that a service passes on acts as if a mint had heard it. */
function toFailure(code: string | undefined): Pick<TellingUse, 'topic' | 'event'> | null {
  const failure = code === undefined ? null : classifyCode(code);
  if (code === undefined || failure === null) return null;
  const event = { kind: 'failed', failure, code, isProbe: false, retryAfterMs: null } as const;
  return { topic: failure, event: { ...event, failuresInRow: 1, msSinceSuccess: 0 } };
}

/** A key whose time out is over is handed out again, and the first use that went well is its probe. */
function toRecovery(row: ProviderKeyRow, nowMs: number): Pick<TellingUse, 'topic' | 'event'> | null {
  const isOut = row.state === 'exhausted' || row.state === 'cooling_down';
  const isDue = row.stateUntil !== null && row.stateUntil.getTime() <= nowMs;
  return isOut && isDue ? { topic: 'recovered', event: { kind: 'succeeded', isProbe: true } } : null;
}

function listTelling(
  reports: readonly UseReport[],
  { uses, rows, nowMs }: { uses: readonly Use[]; rows: ReadonlyMap<string, ProviderKeyRow>; nowMs: number },
): TellingUse[] {
  return reports.flatMap((report, index): TellingUse[] => {
    const [row, use] = [rows.get(report.keyId), uses[index]];
    if (row === undefined || use === undefined) return [];
    const told = isFailure(report) ? toFailure(report.error) : toRecovery(row, nowMs);
    return told === null ? [] : [{ use, row, ...told }];
  });
}

async function planChange(
  ctx: ServiceContext,
  group: readonly [TellingUse, ...TellingUse[]],
  nowMs: number,
): Promise<Statement[]> {
  const [{ row, event }] = group;
  const units = await planKeyEvent(ctx, row, event);
  const uses = JSON.stringify(group.map(({ use }) => use));
  return units.flatMap(([update, ...rest]) => {
    if (update === undefined) return [];
    const { sql, args } = update;
    const condition = isCounted(`?${args.length + 1}`, `?${args.length + 2}`);
    // The rest of a unit follows what the update changed.
    return [{ sql: `${sql} and ${condition}`, args: [...args, uses, nowMs] }, ...rest];
  });
}

/** What the uses do to their keys, each key and topic once. */
async function planChanges(
  ctx: ServiceContext,
  telling: readonly TellingUse[],
  nowMs: number,
): Promise<Statement[]> {
  const groups = new Map<string, [TellingUse, ...TellingUse[]]>();
  for (const it of telling) {
    const name = `${it.row.id} ${it.topic}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [it]);
    else group.push(it);
  }
  const changes = await Promise.all([...groups.values()].map((group) => planChange(ctx, group, nowMs)));
  return changes.flat();
}

type Planned = { uses: readonly Use[]; changes: readonly Statement[]; nowMs: number };

/** The uses and what they do to their keys, all or nothing: a retry after a failure must find neither or both. */
async function countUses(
  ctx: ServiceContext,
  caller: InternalActor,
  { uses, changes, nowMs }: Planned,
): Promise<number> {
  const window = openRateWindow(ctx.clock, {
    scope: 'internal_report',
    subject: caller.id,
    limit: ctx.settings.internal.reportsPerMinute,
  });
  const [counted, inserted] = await ctx.database.writeAll([
    countStatement(window),
    insertStatement(uses, nowMs),
    ...changes,
  ]);
  const requestOfMinute = requireRoom(ctx.clock, window, counted);
  if (requestOfMinute === 1) await pruneInternalRecords(ctx);
  if (changes.length > 0) ctx.keyPool.invalidate();
  return inserted?.rows.length ?? 0;
}

async function findUnknown(ctx: ServiceContext, reports: readonly UseReport[]): Promise<string[]> {
  const distinct = [...new Set(reports.map(({ keyId }) => keyId))];
  const known = await ctx.database.read(
    'select id from provider_keys where id in (select value from json_each(?1))',
    [JSON.stringify(distinct)],
  );
  const knownIds = new Set(known.map((row) => row['id']));
  return distinct.filter((id) => !knownIds.has(id));
}

/**
 * Counts uses that services report: one row a use, so a report that comes twice counts once and concurrent ones lose
 * nothing. Resolves after the commit.
 */
export async function reportUses(ctx: ServiceContext, reports: readonly UseReport[]): Promise<ReportOutcome> {
  const caller = requireInternal(ctx);
  const rows = await findRows(ctx, reports);
  const uses = await Promise.all(reports.map((report) => toUse(ctx, report, rows)));
  const nowMs = ctx.clock.now();
  const changes = await planChanges(ctx, listTelling(reports, { uses, rows, nowMs }), nowMs);
  const counted = await countUses(ctx, caller, { uses, changes, nowMs });
  if (counted === reports.length) return { counted, duplicates: 0, unknown: [] };
  const unknown = await findUnknown(ctx, reports);
  const isUnknown = new Set(unknown);
  const known = reports.filter(({ keyId }) => !isUnknown.has(keyId)).length;
  return { counted, duplicates: known - counted, unknown };
}
