import { useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findDetailFailure } from '../../api/detail-failure.ts';
import { findData } from '../../api/find-data.ts';
import { useI18n } from '../../i18n/context.tsx';
import { BlockableButton } from '../../ui/blockable-button.tsx';
import { DetailPage, LoadingDetail } from '../../ui/detail-page.tsx';
import { createNow } from '../../ui/now.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { OperatorsOnly } from '../shell/operators-only.tsx';
import { useCan } from '../shell/viewer.ts';
import { createKeyDialogs, KeyActionDialogs } from './dialogs.tsx';
import type { KeyDialogs } from './dialogs.tsx';
import { listActions } from './key-actions.ts';
import { KeyShape } from './key-cells.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { KeyEvents } from './key-events.tsx';
import { FormerSecrets, KeyFacts, KeyRestrictions } from './key-facts.tsx';
import { createKeysQuery } from './key-list.ts';
import { KeyMenu } from './key-menu.tsx';
import { findState } from './key-state.ts';
import { KeyTextProvider, useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

const POLL_MS = 5_000;

function createDetail(id: () => string) {
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.accessKeys.get.queryOptions({ id: id() }),
    refetchInterval: POLL_MS,
  }));
  const all = createKeysQuery();
  return {
    query,
    key: () => findData(query)?.key,
    list: all.data,
    formers: () => all.data()?.items.filter(({ replacedBy }) => replacedBy === id()) ?? [],
    refetch: (): void => {
      void query.refetch();
      all.refetch();
    },
  };
}

/** The one that is used most as a button, the others behind one. */
function Actions(props: { summary: KeySummary; dialogs: KeyDialogs; now: number }): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  const state = createMemo(() => findState(props.summary, props.now));
  const rotate = () =>
    listActions({ ...props.summary, state: state() }, can('tokens:mint-for')).find(
      ({ action }) => action === 'rotate',
    );
  const blockedBy = () => {
    const reason = rotate()?.blockedBy ?? null;
    return reason === null ? null : t(reason);
  };
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Show when={can('access-keys:write') && rotate() !== undefined}>
        <BlockableButton
          variant="primary"
          icon={<RotateCcwKey aria-hidden="true" class="size-4" />}
          label={t('action.rotate')}
          blockedBy={blockedBy()}
          onClick={() => props.dialogs.show(props.summary, 'rotate')}
        />
      </Show>
      <KeyMenu
        summary={props.summary}
        now={props.now}
        except={['rotate']}
        hasWord
        onChoose={(action) => props.dialogs.show(props.summary, action)}
      />
    </div>
  );
}

function Body(props: { summary: KeySummary; formers: readonly KeySummary[]; now: number }): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  return (
    <>
      <KeyFacts summary={props.summary} now={props.now} />
      <div class="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
        <div class="flex flex-col gap-4">
          <Panel title={t('detail.restrictions')}>
            <KeyRestrictions summary={props.summary} />
          </Panel>
          <Panel title={t('detail.formers')}>
            <FormerSecrets formers={props.formers} now={props.now} />
          </Panel>
        </div>
        <Show when={can('audit:read')}>
          <Panel title={t('events.title')}>
            <KeyEvents id={props.summary.id} />
          </Panel>
        </Show>
      </div>
    </>
  );
}

function KeyPage(): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const now = createNow();
  const params = useParams<{ id: string }>();
  const detail = createDetail(() => params.id);
  const dialogs = createKeyDialogs(detail.refetch);
  return (
    <>
      <DetailPage
        title={t('detail.title')}
        name={detail.key()?.name}
        backHref="/access-keys"
        backLabel={t('detail.back')}
        data={detail.key()}
        failure={findDetailFailure(detail.query, i18n.t)}
        onRetry={detail.refetch}
        after={(key) => <KeyShape summary={key()} />}
        actions={(key) => <Actions summary={key()} dialogs={dialogs} now={now()} />}
        notice={
          <Show when={dialogs.problem()}>{(problem) => <KeyErrorNotice error={problem().error} />}</Show>
        }
        loading={<LoadingDetail />}
      >
        {(key) => <Body summary={key()} formers={detail.formers()} now={now()} />}
      </DetailPage>
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Show when={detail.list()}>
        {(list) => (
          <KeyActionDialogs dialogs={dialogs} list={list()} now={now()} onChanged={detail.refetch} />
        )}
      </Show>
    </>
  );
}

export function AccessKeyPage(): JSX.Element {
  return (
    <OperatorsOnly scope="access-keys:read">
      <KeyTextProvider>
        <KeyPage />
      </KeyTextProvider>
    </OperatorsOnly>
  );
}
