import { A } from '@solidjs/router';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import Clock from 'lucide-solid/icons/clock';
import Ticket from 'lucide-solid/icons/ticket';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Capabilities } from './node-cells.tsx';
import { useNodeText } from './node-text.ts';
import type { RegistrationToken } from './node-types.ts';
import { toNodeHref } from './nodes-table.tsx';
import { stateOfToken } from './token-form.ts';

const LOOKS: Readonly<Record<RegistrationToken['state'], { tone: Tone; icon: typeof Clock }>> = {
  unused: { tone: 'accent', icon: Ticket },
  used: { tone: 'success', icon: CircleCheck },
  expired: { tone: 'neutral', icon: Clock },
  revoked: { tone: 'danger', icon: CircleX },
};

type TableProps = {
  tokens: readonly RegistrationToken[];
  now: number;
  onRevoke: (token: RegistrationToken) => void;
};
type CellProps = { token: RegistrationToken; now: number };

function StateBadge(props: CellProps): JSX.Element {
  const { t } = useNodeText();
  const state = createMemo(() => stateOfToken(props.token, props.now));
  return (
    <Badge tone={LOOKS[state()].tone} icon={<Dynamic component={LOOKS[state()].icon} aria-hidden="true" />}>
      {t(`token.${state()}`)}
    </Badge>
  );
}

function Name(props: { token: RegistrationToken }): JSX.Element {
  const { t } = useNodeText();
  return (
    <span class="flex min-w-0 flex-col">
      <span class={`wrap-anywhere ${props.token.note === null ? 'text-text-3' : 'font-medium'}`}>
        {props.token.note ?? t('token.noNote')}
      </span>
      <code class="font-mono text-caption text-text-3" title={props.token.id}>
        {truncateMiddle(props.token.id, 8, 6)}
      </code>
    </span>
  );
}

/** Who came in with it. A node that was revoked since leads to a page that says so. */
function UsedBy(props: CellProps): JSX.Element {
  return (
    <Show when={props.token.usedBy} fallback={<Nothing />}>
      {(id) => (
        <span class="flex flex-col">
          <A
            href={toNodeHref(id())}
            class="break-all font-mono text-caption leading-5 text-accent underline-offset-2 hover:underline"
          >
            {truncateMiddle(id(), 18, 6)}
          </A>
          <Show when={props.token.usedAt}>
            {(at) => (
              <span class="text-caption text-text-3">
                <RelativeTime at={at()} now={props.now} />
              </span>
            )}
          </Show>
        </span>
      )}
    </Show>
  );
}

function RevokeButton(props: CellProps & { onRevoke: (token: RegistrationToken) => void }): JSX.Element {
  const { t } = useNodeText();
  return (
    <Show when={stateOfToken(props.token, props.now) === 'unused'}>
      <Button
        size="compact"
        aria-label={t('tokenRevoke.label', { name: props.token.note ?? props.token.id })}
        onClick={() => props.onRevoke(props.token)}
      >
        {t('tokenRevoke.word')}
      </Button>
    </Show>
  );
}

function createColumns(props: TableProps): Column<RegistrationToken>[] {
  const { t } = useNodeText();
  return [
    { head: () => t('token.note'), cell: (token) => <Name token={token()} />, cellClass: 'max-w-64' },
    { head: () => t('col.status'), cell: (token) => <StateBadge token={token()} now={props.now} /> },
    {
      head: () => t('identity.scopes'),
      cell: (token) => <Capabilities names={token().scopes} />,
      cellClass: 'max-w-72',
    },
    {
      head: () => t('token.created'),
      cell: (token) => <RelativeTime at={token().createdAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
    {
      head: () => t('token.expires'),
      cell: (token) => <RelativeTime at={token().expiresAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
    { head: () => t('token.usedBy'), cell: (token) => <UsedBy token={token()} now={props.now} /> },
    {
      head: () => <span class="sr-only">{t('action.word')}</span>,
      cell: (token) => <RevokeButton token={token()} now={props.now} onRevoke={props.onRevoke} />,
      isEnd: true,
    },
  ];
}

function Card(props: CellProps & { onRevoke: (token: RegistrationToken) => void }): JSX.Element {
  const { t } = useNodeText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <Name token={props.token} />
        <span class="shrink-0">
          <StateBadge token={props.token} now={props.now} />
        </span>
      </div>
      <Capabilities names={props.token.scopes} />
      <div class="flex flex-wrap items-end justify-between gap-3 text-table text-text-2">
        <span class="flex flex-col gap-1">
          <span>
            {t('token.expires')}: <RelativeTime at={props.token.expiresAt} now={props.now} />
          </span>
          <Show when={props.token.usedBy !== null}>
            <UsedBy token={props.token} now={props.now} />
          </Show>
        </span>
        <RevokeButton {...props} />
      </div>
    </>
  );
}

export function TokensTable(props: TableProps): JSX.Element {
  const { t } = useNodeText();
  const columns = createMemo(() => createColumns(props));
  return (
    <DataTable
      label={t('tokens.table')}
      density="tall"
      rowTestId="registration-token-row"
      rows={props.tokens}
      columns={columns()}
      card={(token) => <Card token={token()} now={props.now} onRevoke={props.onRevoke} />}
    />
  );
}
