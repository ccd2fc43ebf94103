import { CHAIN_START, digestLink, formatLink } from './audit-chain.ts';
import type { AuditRecord } from './audit-chain.ts';
import type { Database } from './database.ts';
import type { SqlRow } from './statement.ts';

export type StoredAuditEntry = AuditRecord & {
  readonly seq: number;
  /** Null for an entry from before the chain. */
  readonly hash: string | null;
};

/** How far somebody has come: all entries up to this one hold. */
export type ChainPosition = {
  readonly seq: number;
  /** What the next entry must follow. */
  readonly hash: string;
  /** Entries from before the chain, which nothing vouches for. */
  readonly unchained: number;
  readonly chained: number;
};

export type ChainBreak = {
  seq: number;
  /** Null where the entry itself is what is missing. */
  id: string | null;
  reason:
    | 'hash_mismatch'
    | 'hash_missing'
    /** Between this entry and the one before it. */
    | 'entries_missing'
    /** After the last one: the database knows that there were more. */
    | 'tail_missing';
};

/** The entries after `seq`, in order; `seq` may lie below all that can be. */
export type ReadChainPage = (afterSeq: number, limit: number) => Promise<readonly StoredAuditEntry[]>;

export type ChainVerification = {
  position: ChainPosition;
  broken: ChainBreak | null;
  /** Whether the end was reached; if not, go on from `position`. */
  isComplete: boolean;
};

export const CHAIN_BEGIN: ChainPosition = { seq: 0, hash: CHAIN_START, unchained: 0, chained: 0 };

/** Below every number that an entry can have: numbers begin at 1, and whoever puts one in before is to be found. */
const BELOW_ALL = -1e19;
const PAGE = 500;
/** When the migration that chains was made: what was written later never lacked its hash. */
const CHAINED_SINCE_MS = 1_795_324_798_272;

async function findBreak(position: ChainPosition, entry: StoredAuditEntry): Promise<ChainBreak | null> {
  const { seq, id, at, hash } = entry;
  if (seq < 1) return { seq, id, reason: 'hash_mismatch' };
  if (position.chained > 0 && seq !== position.seq + 1) return { seq, id, reason: 'entries_missing' };
  if (hash === null) {
    const isFromBefore = position.chained === 0 && at < CHAINED_SINCE_MS;
    return isFromBefore ? null : { seq, id, reason: 'hash_missing' };
  }
  const expected = await digestLink(formatLink(position.hash, entry));
  return hash === expected ? null : { seq, id, reason: 'hash_mismatch' };
}

function stepTo(position: ChainPosition, { seq, hash }: StoredAuditEntry): ChainPosition {
  return hash === null
    ? { ...position, seq, unchained: position.unchained + 1 }
    : { ...position, seq, hash, chained: position.chained + 1 };
}

export type VerifyOptions = {
  readPage: ReadChainPage;
  from?: ChainPosition;
  /** Entries to look at in this call. */
  atMost?: number;
  /** Told of each page that holds. */
  onProgress?: (position: ChainPosition) => void;
};

/** Follows the chain page by page to its end, to its first broken entry, or as far as it may in one call. */
export async function verifyChain({
  readPage,
  from = CHAIN_BEGIN,
  atMost = Number.POSITIVE_INFINITY,
  onProgress,
}: VerifyOptions): Promise<ChainVerification> {
  let position = from;
  for (let left = atMost; left > 0;) {
    const limit = Math.min(PAGE, left);
    const entries = await readPage(position.seq === 0 ? BELOW_ALL : position.seq, limit);
    for (const entry of entries) {
      const broken = await findBreak(position, entry);
      if (broken !== null) return { position, broken, isComplete: true };
      position = stepTo(position, entry);
    }
    onProgress?.(position);
    if (entries.length < limit) return { position, broken: null, isComplete: true };
    left -= entries.length;
  }
  return { position, broken: null, isComplete: false };
}

const PAGE_SQL = `select seq, id, at, actor_kind, actor_id, action, target, result, request_id, ip_prefix, details, hash
  from audit_entries where seq > ?1 order by seq limit ?2`;

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toEntry(row: SqlRow): StoredAuditEntry {
  return {
    seq: Number(row['seq']),
    id: String(row['id']),
    at: Number(row['at']),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a word that is none of them is hashed as it stands
    actorKind: String(row['actor_kind']) as StoredAuditEntry['actorKind'],
    actorId: toText(row['actor_id']),
    action: String(row['action']),
    target: toText(row['target']),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a word that is none of them is hashed as it stands
    result: String(row['result']) as StoredAuditEntry['result'],
    requestId: String(row['request_id']),
    ipPrefix: toText(row['ip_prefix']),
    details: toText(row['details']),
    hash: toText(row['hash']),
  };
}

export function createChainReader({ read }: Pick<Database, 'read'>): ReadChainPage {
  return async (afterSeq, limit) => (await read(PAGE_SQL, [afterSeq, limit])).map(toEntry);
}

export type ChainEnd = {
  /** Of the last entry; zero where there is none. */
  lastSeq: number;
  lastHash: string | null;
  /** The highest that was ever given: it stays behind where the last entries are cut off. */
  highestSeq: number;
};

const END_SQL = `select
  coalesce((select max(seq) from audit_entries), 0) as last_seq,
  (select hash from audit_entries order by seq desc limit 1) as last_hash,
  coalesce((select seq from sqlite_sequence where name = 'audit_entries'), 0) as highest_seq`;

export async function readChainEnd({ read }: Pick<Database, 'read'>): Promise<ChainEnd> {
  const [row] = await read(END_SQL);
  return {
    lastSeq: Number(row?.['last_seq'] ?? 0),
    lastHash: toText(row?.['last_hash']),
    highestSeq: Number(row?.['highest_seq'] ?? 0),
  };
}

/** Whether the last entries are gone, as far as the database itself remembers. */
export function findMissingTail({ lastSeq, highestSeq }: ChainEnd): ChainBreak | null {
  return highestSeq > lastSeq ? { seq: lastSeq + 1, id: null, reason: 'tail_missing' } : null;
}
