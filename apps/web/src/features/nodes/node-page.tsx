import { useNavigate, useParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import FlaskConical from 'lucide-solid/icons/flask-conical';
import LogOut from 'lucide-solid/icons/log-out';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import Trash from 'lucide-solid/icons/trash';
import { lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useApi } from '../../api/context.tsx';
import { findDetailFailure } from '../../api/detail-failure.ts';
import { findData } from '../../api/find-data.ts';
import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { DetailPage, LoadingDetail } from '../../ui/detail-page.tsx';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';
import { IdChip } from '../../ui/id-chip.tsx';
import { readIdPath } from '../../ui/id-path.ts';
import { LiveMark } from '../../ui/live-mark.tsx';
import { Menu } from '../../ui/menu.tsx';
import { createNow } from '../../ui/now.ts';
import { Notice } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { HeartbeatsPanel } from './heartbeats-panel.tsx';
import { IdentityPanel } from './identity-panel.tsx';
import { NodeFacts } from './node-facts.tsx';
import { isDemo } from './node-state.ts';
import { NodeTextProvider, useNodeText } from './node-text.ts';
import type { NodeDetail } from './node-types.ts';
import { SignInsPanel } from './sign-ins-panel.tsx';

const MessagesPanel = lazy(async () => ({ default: (await import('./messages-panel.tsx')).MessagesPanel }));
const TellingsPanel = lazy(async () => ({ default: (await import('./node-extras.tsx')).TellingsPanel }));
const HistoryPanel = lazy(async () => ({ default: (await import('./node-extras.tsx')).HistoryPanel }));
const RevokeDialog = lazy(async () => ({ default: (await import('./node-dialogs.tsx')).RevokeDialog }));
const EndSignInsDialog = lazy(async () => ({
  default: (await import('./node-dialogs.tsx')).EndSignInsDialog,
}));
const ScopesDialog = lazy(async () => ({ default: (await import('./node-dialogs.tsx')).ScopesDialog }));

const POLL_MS = 5_000;

const ACTIONS = ['scopes', 'endSignIns', 'revoke'] as const;
type NodeAction = (typeof ACTIONS)[number];
type Dialogs = DialogState<{ kind: NodeAction }>;

const ICONS: Readonly<Record<NodeAction, typeof Trash>> = {
  scopes: ShieldCheck,
  endSignIns: LogOut,
  revoke: Trash,
};

function createDetail(id: () => string) {
  const { trpc } = useApi();
  const query = useQuery(() => ({ ...trpc.nodes.get.queryOptions({ id: id() }), refetchInterval: POLL_MS }));
  const queries = useQueryClient();
  return {
    query,
    node: () => findData(query),
    /** Its sign-ins and its history as well. */
    refetch: (): void => {
      for (const queryKey of [trpc.nodes.pathKey(), trpc.audit.pathKey()]) {
        void queries.invalidateQueries({ queryKey });
      }
    },
  };
}

function Actions(props: { node: NodeDetail; dialogs: Dialogs; isFresh: boolean }): JSX.Element {
  const { t } = useNodeText();
  const can = useCan();
  function choose(id: string): void {
    const kind = ACTIONS.find((action) => action === id);
    if (kind !== undefined) props.dialogs.show({ kind });
  }
  return (
    <div class="flex flex-wrap items-center gap-4">
      <LiveMark isFresh={props.isFresh} />
      <Show when={can('nodes:write')}>
        <Menu
          label={t('action.menu', { name: props.node.name })}
          items={ACTIONS.map((id) => ({
            id,
            label: t(`action.${id}`),
            icon: <Dynamic component={ICONS[id]} aria-hidden="true" />,
            isDanger: id === 'revoke',
          }))}
          onChoose={choose}
          hasWord
          triggerClass={buttonClass('secondary')}
        >
          <Ellipsis aria-hidden="true" class="size-4.5" />
          {t('action.word')}
        </Menu>
      </Show>
    </div>
  );
}

function Body(props: {
  node: NodeDetail;
  dialogs: Dialogs;
  now: number;
  onChanged: () => void;
}): JSX.Element {
  const { t } = useNodeText();
  const can = useCan();
  return (
    <>
      <Show when={isDemo(props.node)}>
        <Notice tone="accent" icon={<FlaskConical aria-hidden="true" />}>
          {t('demo.notice')}
        </Notice>
      </Show>
      <NodeFacts node={props.node} now={props.now} />
      <div class="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <HeartbeatsPanel node={props.node} now={props.now} />
          <Suspense>
            <TellingsPanel node={props.node} />
          </Suspense>
        </div>
        <div class="flex min-w-0 flex-col gap-4">
          <IdentityPanel node={props.node} onEdit={() => props.dialogs.show({ kind: 'scopes' })} />
          <Show when={can('nodes:read-all')}>
            <SignInsPanel
              nodeId={props.node.id}
              now={props.now}
              onEnded={() => {
                props.dialogs.tell(t('signIn.done'));
                props.onChanged();
              }}
            />
          </Show>
          <Show when={can('audit:read')}>
            <Suspense>
              <HistoryPanel nodeId={props.node.id} />
            </Suspense>
          </Show>
        </div>
      </div>
      <Show when={can('nodes:read-all')}>
        <Suspense>
          <MessagesPanel nodeId={props.node.id} now={props.now} />
        </Suspense>
      </Show>
    </>
  );
}

function OpenDialog(props: {
  node: NodeDetail;
  dialogs: Dialogs;
  onChanged: () => void;
  onRevoked: () => void;
}): JSX.Element {
  const { t } = useNodeText();
  const kind = () => props.dialogs.open().kind;
  function finish(text: string): void {
    props.dialogs.close();
    props.dialogs.tell(text);
    props.onChanged();
  }
  return (
    <Suspense>
      <Switch>
        <Match when={kind() === 'scopes'}>
          <ScopesDialog
            node={props.node}
            onClose={props.dialogs.close}
            onDone={() => finish(t('done.scopes'))}
          />
        </Match>
        <Match when={kind() === 'endSignIns'}>
          <EndSignInsDialog
            node={props.node}
            onClose={props.dialogs.close}
            onDone={() => finish(t('done.endSignIns'))}
          />
        </Match>
        <Match when={kind() === 'revoke'}>
          <RevokeDialog node={props.node} onClose={props.dialogs.close} onDone={props.onRevoked} />
        </Match>
      </Switch>
    </Suspense>
  );
}

/** A node is nobody's own: what is missing does not belong to someone else. */
function createFailure(query: ReturnType<typeof createDetail>['query']) {
  const { t } = useNodeText();
  const i18n = useI18n();
  return () => {
    const failure = findDetailFailure(query, i18n.t);
    if (failure === null || !failure.isMissing) return failure;
    const words = { title: t('missing.title'), cause: t('missing.cause') };
    return { ...failure, error: { ...failure.error, ...words } };
  };
}

function Page(): JSX.Element {
  const { t } = useNodeText();
  const now = createNow();
  const navigate = useNavigate();
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => readIdPath(params.id));
  const failure = createFailure(detail.query);
  const dialogs = createDialogState<{ kind: NodeAction }>();
  return (
    <>
      <DetailPage
        title={t('detail.title')}
        name={detail.node()?.name}
        backHref="/nodes"
        backLabel={t('detail.back')}
        data={detail.node()}
        failure={failure()}
        onRetry={detail.refetch}
        after={(node) => <IdChip id={node().id} what={t('detail.id')} isWhole />}
        actions={(node) => <Actions node={node()} dialogs={dialogs} isFresh={!detail.query.isError} />}
        loading={<LoadingDetail />}
      >
        {(node) => <Body node={node()} dialogs={dialogs} now={now()} onChanged={detail.refetch} />}
      </DetailPage>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={detail.node()}>
        {(node) => (
          <OpenDialog
            node={node()}
            dialogs={dialogs}
            onChanged={detail.refetch}
            onRevoked={() => {
              dialogs.close();
              navigate('/nodes');
            }}
          />
        )}
      </Show>
    </>
  );
}

export function NodePage(): JSX.Element {
  return (
    <OperatorsOnly scope="nodes:read">
      <NodeTextProvider>
        <Page />
      </NodeTextProvider>
    </OperatorsOnly>
  );
}
