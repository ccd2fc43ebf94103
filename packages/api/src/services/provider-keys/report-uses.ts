import type { ProviderKeyRow, SqlRow, Statement } from '@ephemera/db';
import { providerKeys } from '@ephemera/db';
import { inArray } from 'drizzle-orm';

import { maskSecrets } from '../../audit/mask-secrets.ts';
import type { InternalActor, ServiceContext } from '../../context.ts';
import { classifyCode } from '../../pool/failure-class.ts';
import { requireInternal } from '../../require-internal.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import { applyKeyEvent } from './change-health.ts';
import { openKey } from './open-key.ts';
import { pruneInternalRecords } from './prune.ts';

export type UseReport = {
  keyId: string;
  success: boolean;
  /** The provider's code or text. With one, the use counts as an error whatever `success` says. */
  error?: string | undefined;
  /** Of this caller: the same one again counts nothing. */
  idempotencyKey?: string | undefined;
};

export type ReportOutcome = {
  counted: number;
  duplicates: number;
  /** Ids of keys that there are not. */
  unknown: string[];
};

type Use = { keyId: string; ok: 0 | 1; error: string | null; idempotencyKey: string };

/** All reports of a request in one statement. A trigger counts each row that takes effect, in the same transaction. */
const INSERT_SQL = `insert into provider_key_reports (caller, idempotency_key, key_id, ok, error, at)
  select ?1, value ->> 'idempotencyKey', k.id, value ->> 'ok', value ->> 'error', ?2
  from json_each(?3) join provider_keys k on k.id = value ->> 'keyId'
  where changes() > 0
  on conflict do nothing
  returning idempotency_key`;

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
  const opened = row === undefined ? null : await openKey(ctx, row);
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

function insertStatement(ctx: ServiceContext, caller: InternalActor, uses: readonly Use[]): Statement {
  return { sql: INSERT_SQL, args: [`internal:${caller.id}`, ctx.clock.now(), JSON.stringify(uses)] };
}

/** A provider's own word that a service passes on acts as if a mint had heard it; each key and code once. */
async function applyReportedCodes(
  ctx: ServiceContext,
  counted: readonly UseReport[],
  rows: ReadonlyMap<string, ProviderKeyRow>,
): Promise<void> {
  const done = new Set<string>();
  for (const { keyId, error } of counted) {
    const failure = error === undefined ? null : classifyCode(error);
    const row = rows.get(keyId);
    if (error === undefined || failure === null || row === undefined || done.has(`${keyId} ${failure}`))
      continue;
    done.add(`${keyId} ${failure}`);
    await applyKeyEvent(ctx, row, {
      kind: 'failed',
      failure,
      code: error,
      isProbe: false,
      retryAfterMs: null,
      failuresInRow: 1,
      msSinceSuccess: 0,
    });
  }
}

async function countUses(
  ctx: ServiceContext,
  caller: InternalActor,
  uses: readonly Use[],
): Promise<Set<string>> {
  const window = openRateWindow(ctx.clock, {
    scope: 'internal_report',
    subject: caller.id,
    limit: ctx.settings.internal.reportsPerMinute,
  });
  const [counted, inserted] = await ctx.database.writeAll([
    countStatement(window),
    insertStatement(ctx, caller, uses),
  ]);
  const requestOfMinute = requireRoom(ctx.clock, window, counted);
  if (requestOfMinute === 1) await pruneInternalRecords(ctx);
  return new Set(inserted?.rows.map((row: SqlRow) => String(row['idempotency_key'])));
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
  const rows = await findRows(ctx, reports.filter(isFailure));
  const uses = await Promise.all(reports.map((report) => toUse(ctx, report, rows)));
  const countedKeys = await countUses(ctx, caller, uses);
  const isCounted = (_: unknown, index: number): boolean =>
    countedKeys.has(uses[index]?.idempotencyKey ?? '');
  await applyReportedCodes(ctx, reports.filter(isCounted).filter(isFailure), rows);
  const counted = countedKeys.size;
  if (counted === reports.length) return { counted, duplicates: 0, unknown: [] };
  const unknown = await findUnknown(ctx, reports);
  const isUnknown = new Set(unknown);
  const known = reports.filter(({ keyId }) => !isUnknown.has(keyId)).length;
  return { counted, duplicates: known - counted, unknown };
}
