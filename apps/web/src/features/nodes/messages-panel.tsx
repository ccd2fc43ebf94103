import { A } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleSlash from 'lucide-solid/icons/circle-slash';
import Clock from 'lucide-solid/icons/clock';
import MailX from 'lucide-solid/icons/mail-x';
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { PageButtons } from '../../ui/page-buttons.tsx';
import { createPager } from '../../ui/pager.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { describeDelivery, formatBytes } from './message-state.ts';
import type { DeliveryState } from './message-state.ts';
import { useNodeText } from './node-text.ts';
import type { MessageBox, MessageEnvelope } from './node-types.ts';
import { toNodeHref } from './nodes-table.tsx';

const POLL_MS = 5_000;
const PAGE_SIZE = 10;
const LOADING_CELLS = ['h-4 w-32', 'h-4 w-24', 'ms-auto h-5 w-20'];
const BOXES: readonly MessageBox[] = ['received', 'sent', 'expired'];

function createMessages(props: { nodeId: string }) {
  const { trpc } = useApi();
  const [box, setBox] = createSignal<MessageBox>('received');
  const [cursor, setCursor] = createSignal<string | null>(null);
  const pager = createPager({ cursor, setCursor });
  const query = useQuery(() => {
    const wanted = cursor();
    return {
      ...trpc.nodes.listMessages.queryOptions({
        id: props.nodeId,
        box: box(),
        limit: PAGE_SIZE,
        ...(wanted === null ? {} : { cursor: wanted }),
      }),
      refetchInterval: POLL_MS,
      placeholderData: keepPreviousData,
    };
  });
  return {
    query,
    box,
    pager,
    data: () => findData(query),
    choose(next: MessageBox): void {
      pager.reset();
      setCursor(null);
      setBox(next);
    },
  };
}

type Messages = ReturnType<typeof createMessages>;
type PartProps = { messages: Messages; now: number };

const LOOKS: Readonly<Record<DeliveryState, { tone: Tone; icon: typeof Clock }>> = {
  pending: { tone: 'accent', icon: Clock },
  read: { tone: 'success', icon: CircleCheck },
  expired: { tone: 'warning', icon: MailX },
  refused: { tone: 'danger', icon: CircleSlash },
};

/** What became of a message; of one that went to many, how many of them have read it. */
function DeliveryCell(props: { message: MessageEnvelope }): JSX.Element {
  const { t, format } = useNodeText();
  const state = () => describeDelivery(props.message);
  return (
    <span class="flex flex-col items-start gap-0.5">
      <Badge tone={LOOKS[state()].tone} icon={<Dynamic component={LOOKS[state()].icon} aria-hidden="true" />}>
        {t(`message.${state()}`)}
      </Badge>
      <Show when={props.message.recipients > 1}>
        <span class="text-caption text-text-2 figures">
          {t('message.readBy', {
            read: format().integer(props.message.read),
            all: format().integer(props.message.recipients),
          })}
        </span>
      </Show>
    </span>
  );
}

function NodeId(props: { id: string }): JSX.Element {
  return (
    <A
      href={toNodeHref(props.id)}
      class="break-all font-mono text-caption leading-5 text-accent underline-offset-2 hover:underline"
      title={props.id}
    >
      {truncateMiddle(props.id, 18, 6)}
    </A>
  );
}

function Other(props: { message: MessageEnvelope; box: MessageBox }): JSX.Element {
  const { plural } = useNodeText();
  const first = () => props.message.toNodes[0];
  return (
    <Show when={props.box === 'sent'} fallback={<NodeId id={props.message.fromNode} />}>
      <span class="flex flex-col" title={props.message.toNodes.join(', ')}>
        <Show when={first()}>{(id) => <NodeId id={id()} />}</Show>
        <Show when={props.message.recipients > 1}>
          <span class="text-caption text-text-3">{plural('message.more', props.message.recipients - 1)}</span>
        </Show>
      </span>
    </Show>
  );
}

function Priority(props: { message: MessageEnvelope }): JSX.Element {
  const { t } = useNodeText();
  const isUrgent = () => props.message.priority === 'critical' || props.message.priority === 'high';
  return (
    <span class={isUrgent() ? 'font-medium text-warning' : 'text-text-2'}>
      {t(`priority.${props.message.priority}`)}
    </span>
  );
}

function TypeCell(props: { message: MessageEnvelope }): JSX.Element {
  return (
    <span class="flex min-w-0 flex-col">
      <span class="wrap-anywhere font-medium">{props.message.messageType}</span>
      <code class="font-mono text-caption text-text-3" title={props.message.id}>
        {truncateMiddle(props.message.id, 8, 6)}
      </code>
    </span>
  );
}

function createColumns(props: PartProps): Column<MessageEnvelope>[] {
  const { t, locale } = useNodeText();
  return [
    {
      head: () => t('message.type'),
      cell: (message) => <TypeCell message={message()} />,
      cellClass: 'max-w-56',
    },
    {
      head: () => t(props.messages.box() === 'sent' ? 'message.to' : 'message.from'),
      cell: (message) => <Other message={message()} box={props.messages.box()} />,
    },
    { head: () => t('message.priority'), cell: (message) => <Priority message={message()} /> },
    { head: () => t('message.state'), cell: (message) => <DeliveryCell message={message()} /> },
    {
      head: () => t('message.size'),
      cell: (message) => (
        <span class="font-mono text-caption figures">{formatBytes(message().sizeBytes, locale())}</span>
      ),
      isEnd: true,
    },
    {
      head: () => t('message.created'),
      cell: (message) => <RelativeTime at={message().createdAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
    {
      head: () => t('message.expires'),
      cell: (message) => <RelativeTime at={message().expiresAt} now={props.now} />,
      cellClass: 'text-text-2',
    },
  ];
}

function Card(props: PartProps & { message: MessageEnvelope }): JSX.Element {
  const { locale } = useNodeText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <TypeCell message={props.message} />
        <DeliveryCell message={props.message} />
      </div>
      <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-table text-text-2">
        <Other message={props.message} box={props.messages.box()} />
        <span class="flex gap-3">
          <Priority message={props.message} />
          <span class="font-mono text-caption leading-5 figures">
            {formatBytes(props.message.sizeBytes, locale())}
          </span>
          <RelativeTime at={props.message.createdAt} now={props.now} />
        </span>
      </div>
    </>
  );
}

function List(props: PartProps): JSX.Element {
  const { t } = useNodeText();
  const columns = createMemo(() => createColumns(props));
  return (
    <div class={props.messages.query.isPlaceholderData ? 'opacity-60' : ''}>
      <DataTable
        label={t('messages.table')}
        density="one-line"
        rowTestId="message-row"
        rows={props.messages.data()?.items ?? []}
        columns={columns()}
        card={(message) => <Card {...props} message={message()} />}
      />
    </div>
  );
}

function Header(props: { messages: Messages }): JSX.Element {
  const { t, plural, locale } = useNodeText();
  return (
    <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div class="min-w-0">
        <h2 class="text-body font-semibold">{t('messages.title')}</h2>
        <Show when={props.messages.data()}>
          {(data) => (
            <p class="text-table text-text-2 figures">
              {plural('waiting', data().mailbox.pending)} · {formatBytes(data().mailbox.bytes, locale())}
            </p>
          )}
        </Show>
      </div>
      <Segmented
        name="message-box"
        isCompact
        label={t('messages.box')}
        value={props.messages.box()}
        segments={BOXES.map((value) => ({ value, label: t(`messages.${value}`) }))}
        onChange={(box) => props.messages.choose(box)}
      />
    </div>
  );
}

/** The outside of a node's messages: who, when, how urgent and what became of each. What is in them stays theirs. */
export function MessagesPanel(props: { nodeId: string; now: number }): JSX.Element {
  const { t } = useNodeText();
  const i18n = useI18n();
  const messages = createMessages(props);
  const nextCursor = () => messages.data()?.nextCursor ?? null;
  return (
    <section class="card overflow-hidden" aria-label={t('messages.title')}>
      <Header messages={messages} />
      <div class="border-t border-border">
        <Switch fallback={<LoadingRows count={3} cells={LOADING_CELLS} />}>
          <Match when={messages.data()?.items.length === 0}>
            <p class="px-4 py-6 text-body text-text-2 sm:px-5">
              {t(nextCursor() === null ? `messages.none.${messages.box()}` : 'messages.older')}
            </p>
          </Match>
          <Match when={messages.data()}>
            <List messages={messages} now={props.now} />
          </Match>
          <Match when={messages.query.isError}>
            <ErrorState
              error={toUiError(messages.query.error, i18n.t)}
              onRetry={() => void messages.query.refetch()}
            />
          </Match>
        </Switch>
      </div>
      <div class="flex flex-wrap items-center justify-between gap-3 border-t border-border px-4 py-2.5 sm:px-5">
        <p class="text-caption text-text-3">{t('messages.hint')}</p>
        <PageButtons pager={messages.pager} nextCursor={nextCursor()} />
      </div>
    </section>
  );
}
