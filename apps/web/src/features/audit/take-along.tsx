import Download from 'lucide-solid/icons/download';
import FileCheck from 'lucide-solid/icons/file-check';
import { createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { saveFile } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/states.tsx';
import { exportAudit } from './audit-export.ts';
import { isFiltered } from './audit-filter.ts';
import type { AuditFilter } from './audit-filter.ts';
import { useAuditText } from './audit-text.ts';

/** `2026-11-22T14-25-09`, which every file system takes. */
function toFileStamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(':', '-');
}

function createDownloads() {
  const { client } = useApi();
  const [count, setCount] = createSignal(0);
  let stop = new AbortController();
  onCleanup(() => stop.abort());
  const checkpoint = createAction(async () => {
    const signed = await client.audit.checkpoint.query();
    const name = `audit-checkpoint-${signed.seq}.json`;
    saveFile(name, [`${JSON.stringify(signed, null, 2)}\n`], 'application/json');
  });
  const entries = createAction(async (filter: AuditFilter) => {
    const { lines, isCut } = await exportAudit({
      audit: client.audit,
      filter,
      onProgress: setCount,
      signal: stop.signal,
    });
    saveFile(`audit-${toFileStamp(new Date())}.jsonl`, lines, 'application/jsonl');
    return { count: lines.length, isCut };
  });
  return {
    count,
    checkpoint,
    entries,
    start(filter: AuditFilter): void {
      stop = new AbortController();
      setCount(0);
      void entries.run(filter);
    },
    cancel(): void {
      stop.abort();
      entries.reset();
    },
  };
}

type Downloads = ReturnType<typeof createDownloads>;

/** How far an export is, or what came of it. */
function ExportState(props: { downloads: Downloads }): JSX.Element {
  const { t, plural } = useAuditText();
  const i18n = useI18n();
  const done = () => {
    const state = props.downloads.entries.state();
    return state.status === 'done' ? state.value : null;
  };
  const failed = () =>
    [props.downloads.entries.state(), props.downloads.checkpoint.state()].find(
      (state) => state.status === 'failed',
    );
  return (
    <>
      <p role="status" class="flex items-center gap-3 text-table text-text-2 figures empty:hidden">
        <Switch>
          <Match when={props.downloads.entries.state().status === 'running'}>
            {plural('export.progress', props.downloads.count())}
            <Button size="compact" variant="quiet" onClick={() => props.downloads.cancel()}>
              {t('export.cancel')}
            </Button>
          </Match>
          <Match when={done()}>
            {(outcome) => plural(outcome().isCut ? 'export.cut' : 'export.done', outcome().count)}
          </Match>
        </Switch>
      </p>
      <Show when={failed()}>{(state) => <ErrorNotice error={toUiError(state().error, i18n.t)} />}</Show>
    </>
  );
}

/** What leaves this server: a signed mark of where the chain ends, and the entries themselves. */
export function TakeAlong(props: { filter: AuditFilter; hasEntries: boolean }): JSX.Element {
  const { t } = useAuditText();
  const downloads = createDownloads();
  const isBusy = () => downloads.entries.state().status === 'running';
  return (
    <div class="flex flex-col gap-3 border-t border-border pt-4">
      <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
        <div class="flex flex-col items-start gap-1.5">
          <Button
            disabled={!props.hasEntries || downloads.checkpoint.state().status === 'running'}
            onClick={() => void downloads.checkpoint.run(undefined)}
          >
            <FileCheck aria-hidden="true" class="size-4" />
            {t('chain.checkpoint')}
          </Button>
          <p class="text-caption text-text-3">{t('chain.checkpointHint')}</p>
        </div>
        <div class="flex flex-col items-start gap-1.5">
          <Button disabled={!props.hasEntries || isBusy()} onClick={() => downloads.start(props.filter)}>
            <Download aria-hidden="true" class="size-4" />
            {t('chain.export')}
          </Button>
          <p class="text-caption text-text-3">
            {t(isFiltered(props.filter) ? 'chain.exportFiltered' : 'chain.exportAll')}
          </p>
        </div>
      </div>
      <ExportState downloads={downloads} />
    </div>
  );
}
