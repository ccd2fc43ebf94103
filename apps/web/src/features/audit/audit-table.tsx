import { A, useLocation } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { createMemo } from 'solid-js';

import { formatMoment } from '../../i18n/moment.ts';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { ActorCell, ResultBadge, TargetCell } from './audit-cells.tsx';
import { useAuditText } from './audit-text.ts';
import type { AuditEntry } from './audit-types.ts';

type Props = { entries: readonly AuditEntry[]; now: number };

/** Opens the entry beside the list, under an address of its own. */
function EntryLink(props: { entry: AuditEntry; now: number }): JSX.Element {
  const { t, format } = useAuditText();
  const location = useLocation();
  const href = () => {
    const search = new URLSearchParams(location.search);
    search.set('entry', String(props.entry.seq));
    return `/audit?${search}`;
  };
  const at = () => new Date(props.entry.at);
  return (
    <A
      href={href()}
      noScroll
      class="whitespace-nowrap font-medium text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
    >
      <span class="sr-only">{t('open', { seq: props.entry.seq })} </span>
      <time datetime={props.entry.at} title={format().dateTime(at())} class="figures">
        {formatMoment(at(), new Date(props.now), format())}
      </time>
    </A>
  );
}

function createColumns(now: () => number): Column<AuditEntry>[] {
  const { t } = useAuditText();
  return [
    {
      head: () => '#',
      cell: (entry) => <span class="font-mono text-caption text-text-3 figures">{entry().seq}</span>,
    },
    { head: () => t('col.time'), cell: (entry) => <EntryLink entry={entry()} now={now()} /> },
    {
      head: () => t('col.actor'),
      cell: (entry) => <ActorCell entry={entry()} />,
      cellClass: 'max-w-52 text-text-2',
    },
    {
      head: () => t('col.action'),
      cell: (entry) => <span class="font-mono text-caption">{entry().action}</span>,
    },
    {
      head: () => t('col.target'),
      cell: (entry) => <TargetCell entry={entry()} />,
      cellClass: 'text-text-2',
    },
    { head: () => t('col.result'), cell: (entry) => <ResultBadge result={entry().result} /> },
  ];
}

function Card(props: { entry: AuditEntry; now: number }): JSX.Element {
  return (
    <>
      <div class="flex items-center justify-between gap-3">
        <span class="min-w-0 truncate font-mono text-table font-medium">{props.entry.action}</span>
        <ResultBadge result={props.entry.result} />
      </div>
      <div class="flex items-center justify-between gap-3 text-table text-text-2">
        <ActorCell entry={props.entry} />
        <EntryLink entry={props.entry} now={props.now} />
      </div>
    </>
  );
}

export function AuditTable(props: Props): JSX.Element {
  const { t } = useAuditText();
  const columns = createColumns(() => props.now);
  const rows = createMemo(() => props.entries.map((entry) => ({ ...entry, id: String(entry.seq) })));
  return (
    <DataTable
      label={t('table')}
      density="one-line"
      rowTestId="audit-row"
      rows={rows()}
      columns={columns}
      card={(entry) => <Card entry={entry()} now={props.now} />}
    />
  );
}
