import { useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import Plus from 'lucide-solid/icons/plus';
import Ticket from 'lucide-solid/icons/ticket';
import { lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Button } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';
import { FilterSegments } from '../../ui/filters.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { findRegionState } from '../../ui/region-state.ts';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { NodeTextProvider, useNodeText } from './node-text.ts';
import type { CreatedToken, RegistrationToken } from './node-types.ts';
import { stateOfToken } from './token-form.ts';
import { TokensTable } from './tokens-table.tsx';

/** With the dialog that makes a token comes the one that shows it: a token that cannot be shown is lost. */
const CreateTokenDialog = lazy(async () => ({
  default: (await import('./token-dialogs.tsx')).CreateTokenDialog,
}));
const RevealTokenDialog = lazy(async () => ({
  default: (await import('./token-dialogs.tsx')).RevealTokenDialog,
}));
const RevokeTokenDialog = lazy(async () => ({
  default: (await import('./token-dialogs.tsx')).RevokeTokenDialog,
}));

const POLL_MS = 10_000;
const LOADING_CELLS = ['h-4 w-40', 'h-5 w-20', 'h-4 w-44 max-sm:hidden', 'ms-auto h-4 w-24'];

type TokenState = RegistrationToken['state'];
const STATES: readonly TokenState[] = ['unused', 'used', 'expired', 'revoked'];

type Shown =
  | { kind: 'create' }
  | { kind: 'reveal'; created: CreatedToken }
  | { kind: 'revoke'; token: RegistrationToken };
type Dialogs = DialogState<Shown>;

/** There are tens of tokens: they are filtered here. */
function createTokens(now: () => number) {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<{ state?: string }>();
  const query = useQuery(() => ({
    ...trpc.nodes.listRegistrationTokens.queryOptions(),
    refetchInterval: POLL_MS,
  }));
  const all = () => findData(query)?.items ?? [];
  const state = () => STATES.find((known) => known === search.state) ?? null;
  const tokens = () => all().filter((token) => state() === null || stateOfToken(token, now()) === state());
  return {
    query,
    state,
    tokens,
    isLoaded: () => findData(query) !== undefined,
    choose: (next: TokenState | null): void => setSearch({ state: next }),
    refetch: () => void query.refetch(),
    region: () =>
      findRegionState({
        count: findData(query) === undefined ? null : tokens().length,
        isError: query.isError,
        isFiltered: state() !== null && all().length > 0,
      }),
    hasAny: () => all().length > 0,
  };
}

type Tokens = ReturnType<typeof createTokens>;

function CreateButton(props: { dialogs: Dialogs }): JSX.Element {
  const { t } = useNodeText();
  return (
    <Button data-shortcut="create" variant="primary" onClick={() => props.dialogs.show({ kind: 'create' })}>
      <Plus aria-hidden="true" class="size-4" />
      {t('token.create')}
    </Button>
  );
}

function Region(props: { list: Tokens; dialogs: Dialogs; now: number }): JSX.Element {
  const { t } = useNodeText();
  const i18n = useI18n();
  return (
    <DataRegion
      label={t('tokens.title')}
      state={props.list.region()}
      isDimmed={props.list.query.isError && props.list.isLoaded()}
      loading={<LoadingRows count={3} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<Ticket aria-hidden="true" />}
          title={t('tokens.empty.title')}
          text={t('tokens.empty.text')}
          action={<CreateButton dialogs={props.dialogs} />}
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('tokens.filtered.title')}
          text={t('tokens.filtered.text')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.choose(null)}
        />
      }
      onRetry={props.list.refetch}
    >
      <TokensTable
        tokens={props.list.tokens()}
        now={props.now}
        onRevoke={(token) => props.dialogs.show({ kind: 'revoke', token })}
      />
    </DataRegion>
  );
}

function OpenDialog(props: { dialogs: Dialogs; onChanged: () => void }): JSX.Element {
  const { t } = useNodeText();
  const revealed = () => {
    const open = props.dialogs.open();
    return open.kind === 'reveal' ? open.created : null;
  };
  const revoked = () => {
    const open = props.dialogs.open();
    return open.kind === 'revoke' ? open.token : null;
  };
  function finish(): void {
    props.dialogs.close();
    props.dialogs.tell(t('done.tokenRevoke'));
    // The button that was pressed is gone.
    document.querySelector<HTMLElement>('h1')?.focus();
    props.onChanged();
  }
  return (
    <Suspense>
      <Switch>
        <Match when={props.dialogs.open().kind === 'create'}>
          <CreateTokenDialog
            onClose={props.dialogs.close}
            onCreated={(created) => {
              props.dialogs.show({ kind: 'reveal', created });
              props.onChanged();
            }}
          />
        </Match>
        <Match when={revealed()}>
          {(created) => <RevealTokenDialog created={created()} onClose={props.dialogs.close} />}
        </Match>
        <Match when={revoked()}>
          {(token) => <RevokeTokenDialog token={token()} onClose={props.dialogs.close} onDone={finish} />}
        </Match>
      </Switch>
    </Suspense>
  );
}

function Page(): JSX.Element {
  const { t } = useNodeText();
  const now = createNow(5_000);
  const list = createTokens(now);
  const dialogs = createDialogState<Shown>();
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={t('tokens.title')}
        lead={t('tokens.lead')}
        before={<BackLink href="/nodes">{t('detail.back')}</BackLink>}
      >
        <Show when={list.hasAny()}>
          <CreateButton dialogs={dialogs} />
        </Show>
      </PageHeader>
      <Show when={list.query.isError && list.isLoaded()}>
        <StaleNotice onRetry={list.refetch} />
      </Show>
      <Show when={list.hasAny()}>
        <FilterSegments
          name="token-state"
          label={t('col.status')}
          allLabel={t('filter.all')}
          value={list.state()}
          options={STATES.map((value) => ({ value, label: t(`token.${value}`) }))}
          onChange={(state) => list.choose(state)}
        />
      </Show>
      <Region list={list} dialogs={dialogs} now={now()} />
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <OpenDialog dialogs={dialogs} onChanged={list.refetch} />
    </div>
  );
}

export function RegistrationTokensPage(): JSX.Element {
  return (
    <OperatorsOnly scope="nodes:write">
      <NodeTextProvider>
        <Page />
      </NodeTextProvider>
    </OperatorsOnly>
  );
}
