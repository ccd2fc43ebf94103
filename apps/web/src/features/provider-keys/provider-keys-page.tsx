import KeyRound from 'lucide-solid/icons/key-round';
import Plus from 'lucide-solid/icons/plus';
import { lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataRegion, EmptyFiltered } from '../../ui/data-region.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { createKeyDialogs, KeyActionDialogs } from './dialogs.tsx';
import type { KeyDialogs } from './dialogs.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { KeyFilterBar } from './key-filter-bar.tsx';
import { createKeyList, findPoolFacts, listDomains } from './key-list.ts';
import { AlertsBanner } from './key-notices.tsx';
import { KeyTextProvider, useKeyText } from './key-text.ts';
import type { KeyList } from './key-types.ts';
import { KeysTable } from './keys-table.tsx';

const AddDialog = lazy(async () => ({ default: (await import('./add-dialog.tsx')).AddDialog }));

/** Both speak only while something is amiss with the keyring, so they are no part of the first view. */
const KeyringNotice = lazy(async () => ({ default: (await import('./keyring-notice.tsx')).KeyringNotice }));
const RewrapNotice = lazy(async () => ({ default: (await import('./rewrap-notice.tsx')).RewrapNotice }));
/** Below the list. */
const PolicyCard = lazy(async () => ({ default: (await import('./policy-card.tsx')).PolicyCard }));

const NO_FILTER = { provider: null, state: null };

/** Of one row, while the list loads. */
const LOADING_CELLS = [
  'h-4 w-36',
  'h-5 w-24',
  'h-4 w-16 max-sm:hidden',
  'ms-auto h-4 w-40 max-sm:hidden',
  'h-4 w-14 max-sm:hidden',
];

type KeyListModel = ReturnType<typeof createKeyList>;
type PartProps = { list: KeyListModel; dialogs: KeyDialogs; now: number };

function AddButton(props: { dialogs: KeyDialogs; canStore: boolean }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Button
      data-shortcut="create"
      variant="primary"
      disabled={!props.canStore}
      title={props.canStore ? undefined : t('blocked.keyring')}
      onClick={() => props.dialogs.showAdd()}
    >
      <Plus aria-hidden="true" class="size-4" />
      {t('add')}
    </Button>
  );
}

function Region(props: PartProps): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const poolOf = (key: KeyList['items'][number]) => {
    const data = props.list.data();
    return data === undefined ? { canStore: false, canTest: false } : findPoolFacts(data, key);
  };
  const isStale = () => props.list.query.isError && props.list.data() !== undefined;
  return (
    <DataRegion
      label={t('region')}
      state={props.list.region()}
      isDimmed={isStale()}
      loading={<LoadingRows count={4} cells={LOADING_CELLS} />}
      error={toUiError(props.list.query.error, i18n.t)}
      emptyFirst={
        <EmptyState
          icon={<KeyRound aria-hidden="true" />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<AddButton dialogs={props.dialogs} canStore={props.list.data()?.canStore === true} />}
        />
      }
      emptyFiltered={
        <EmptyFiltered
          title={t('filtered.title')}
          text={t('filtered.text')}
          clearLabel={t('filter.clear')}
          onClear={() => props.list.apply(NO_FILTER)}
        />
      }
      onRetry={props.list.refetch}
    >
      <KeysTable
        keys={props.list.keys()}
        now={props.now}
        poolOf={poolOf}
        onAction={(key, action) => props.dialogs.show(key, action)}
      />
    </DataRegion>
  );
}

/** All that stands above the keys because somebody should act on it. */
function Notices(props: PartProps): JSX.Element {
  return (
    <>
      <Show when={props.list.data()}>
        {(data) => (
          <>
            <AlertsBanner alerts={data().alerts} keys={data().items} now={props.now} />
            <Show when={!data().canStore}>
              <Suspense>
                <KeyringNotice />
              </Suspense>
            </Show>
            <Suspense>
              <RewrapNotice pending={data().pendingRewrap} onMoved={props.list.refetch} />
            </Suspense>
          </>
        )}
      </Show>
      <Show when={props.dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
      <Show when={props.list.query.isError && props.list.data() !== undefined}>
        <StaleNotice onRetry={props.list.refetch} />
      </Show>
    </>
  );
}

function Dialogs(props: PartProps & { data: KeyList }): JSX.Element {
  const { t } = useKeyText();
  return (
    <>
      <Show when={props.dialogs.open().kind === 'add'}>
        <Suspense>
          <AddDialog
            providers={props.data.providers}
            domains={listDomains(props.data)}
            onClose={props.dialogs.close}
            onAdded={(key) => {
              props.dialogs.close();
              props.dialogs.tell(t('add.done', { name: key.name }));
              props.list.refetch();
            }}
          />
        </Suspense>
      </Show>
      <KeyActionDialogs
        dialogs={props.dialogs}
        list={props.data}
        now={props.now}
        onChanged={props.list.refetch}
      />
    </>
  );
}

function KeysPage(): JSX.Element {
  const { t, plural } = useKeyText();
  const now = createNow();
  const list = createKeyList();
  const dialogs = createKeyDialogs(list.refetch);
  const parts = { list, dialogs };
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={t('title')} lead={t('lead')}>
        <div class="flex items-center gap-4">
          <LiveMark isFresh={!list.query.isError} />
          <AddButton dialogs={dialogs} canStore={list.data()?.canStore === true} />
        </div>
      </PageHeader>
      <Notices {...parts} now={now()} />
      <Show when={(list.data()?.items.length ?? 0) > 0}>
        <KeyFilterBar
          filter={list.filter()}
          keys={list.data()?.items ?? []}
          providers={list.data()?.providers ?? []}
          onChange={(filter) => list.apply(filter)}
        />
      </Show>
      <Region {...parts} now={now()} />
      <Show when={list.region() === 'data'}>
        <p class="text-table text-text-2">{plural('filter.count', list.keys().length)}</p>
      </Show>
      <Show when={list.data()}>
        {(data) => (
          <Suspense>
            <PolicyCard policy={data().policy} />
          </Suspense>
        )}
      </Show>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={list.data()}>{(data) => <Dialogs {...parts} data={data()} now={now()} />}</Show>
    </div>
  );
}

export function ProviderKeysPage(): JSX.Element {
  return (
    <OperatorsOnly scope="keys:read">
      <KeyTextProvider>
        <KeysPage />
      </KeyTextProvider>
    </OperatorsOnly>
  );
}
