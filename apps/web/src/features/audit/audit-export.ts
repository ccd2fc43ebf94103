import { isFiltered, toAuditInput } from './audit-filter.ts';
import type { AuditFilter } from './audit-filter.ts';
import type { AuditInput } from './audit-types.ts';

type Asked = { signal: AbortSignal };

/** What the API has of the audit, as far as an export needs it. */
export type AuditSource = {
  list: {
    query: (
      input: AuditInput,
      options: Asked,
    ) => Promise<{ items: readonly unknown[]; nextCursor: string | null }>;
  };
  export: {
    query: (
      input: { afterSeq: number; limit: number },
      options: Asked,
    ) => Promise<{ entries: readonly unknown[]; nextSeq: number | null }>;
  };
};

type ExportOptions = {
  audit: AuditSource;
  filter: AuditFilter;
  onProgress: (count: number) => void;
  signal: AbortSignal;
  atMost?: number;
};

export type AuditExport = {
  lines: string[];
  /** Whether there are more entries than one file takes. */
  isCut: boolean;
};

const MAX_ENTRIES = 100_000;
const LIST_PAGE = 100;
const CHAIN_PAGE = 1_000;

/** As they are stored and hashed, the oldest first: whoever has the file can follow the chain alone. */
async function* readChain({ audit, signal }: ExportOptions): AsyncGenerator<readonly unknown[]> {
  let afterSeq: number | null = 0;
  while (afterSeq !== null) {
    const page: Awaited<ReturnType<AuditSource['export']['query']>> = await audit.export.query(
      { afterSeq, limit: CHAIN_PAGE },
      { signal },
    );
    yield page.entries;
    afterSeq = page.nextSeq;
  }
}

/** What the list shows, the newest first. */
async function* readList({ audit, filter, signal }: ExportOptions): AsyncGenerator<readonly unknown[]> {
  const input = { ...toAuditInput(filter), limit: LIST_PAGE };
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<AuditSource['list']['query']>> = await audit.list.query(
      cursor === '' ? input : { ...input, cursor },
      { signal },
    );
    yield page.items;
    cursor = page.nextCursor;
  }
}

/** One line of JSON for each entry that the filter lets through. Rejects when it is aborted or a page cannot be read. */
export async function exportAudit(options: ExportOptions): Promise<AuditExport> {
  const { atMost = MAX_ENTRIES } = options;
  const lines: string[] = [];
  for await (const entries of isFiltered(options.filter) ? readList(options) : readChain(options)) {
    for (const entry of entries) {
      if (lines.length === atMost) return { lines, isCut: true };
      lines.push(`${JSON.stringify(entry)}\n`);
    }
    options.onProgress(lines.length);
  }
  return { lines, isCut: false };
}
