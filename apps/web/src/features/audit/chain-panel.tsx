import { useQuery } from '@tanstack/solid-query';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import ShieldAlert from 'lucide-solid/icons/shield-alert';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import ShieldQuestion from 'lucide-solid/icons/shield-question-mark';
import { createMemo, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeLine } from '../../ui/code-line.tsx';
import { IdChip } from '../../ui/id-chip.tsx';
import { Fact, Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorNotice, Notice } from '../../ui/states.tsx';
import { useAuditText } from './audit-text.ts';
import { findChainState } from './chain-state.ts';
import type { ChainState } from './chain-state.ts';

const USUAL_POLL_MS = 60_000;
/** While the server follows a long chain, a piece each time it is asked. */
const BUSY_POLL_MS = 1_500;

/** Up to where the chain holds. */
export function createChain() {
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.audit.status.queryOptions(),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && findChainState(data).kind === 'verifying' ? BUSY_POLL_MS : USUAL_POLL_MS,
  }));
  const status = () => findData(query);
  const state = createMemo(() => {
    const data = status();
    return data === undefined ? null : findChainState(data);
  });
  return { query, status, state, refetch: () => void query.refetch() };
}

export type Chain = ReturnType<typeof createChain>;

function pick<K extends ChainState['kind']>(
  state: ChainState | null,
  kind: K,
): Extract<ChainState, { kind: K }> | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the kind that was compared decides the type
  return state?.kind === kind ? (state as Extract<ChainState, { kind: K }>) : null;
}

/** In one word and a number, beside the title of the page. */
export function ChainBadge(props: { chain: Chain }): JSX.Element {
  const { t, format } = useAuditText();
  const number = (seq: number) => format().integer(seq);
  const state = () => props.chain.state();
  return (
    <Switch
      fallback={
        <Badge tone="neutral" icon={<ShieldQuestion aria-hidden="true" />}>
          {t(props.chain.query.isError ? 'chain.unknown' : 'chain.checking')}
        </Badge>
      }
    >
      <Match when={pick(state(), 'broken')}>
        {(broken) => (
          <Badge tone="danger" icon={<ShieldAlert aria-hidden="true" />}>
            {t('chain.broken', { seq: number(broken().at) })}
          </Badge>
        )}
      </Match>
      <Match when={pick(state(), 'verifying')}>
        {(verifying) => (
          <Badge tone="accent" icon={<LoaderCircle aria-hidden="true" class="animate-turn" />}>
            {t('chain.verifying', { seq: number(verifying().to) })}
          </Badge>
        )}
      </Match>
      <Match when={pick(state(), 'verified')}>
        {(verified) => (
          <Badge tone="success" icon={<ShieldCheck aria-hidden="true" />}>
            {t('chain.verified', { seq: number(verified().to) })}
          </Badge>
        )}
      </Match>
      <Match when={pick(state(), 'empty')}>
        <Badge tone="neutral" icon={<ShieldQuestion aria-hidden="true" />}>
          {t('chain.empty')}
        </Badge>
      </Match>
    </Switch>
  );
}

/** What it means that the chain is broken, and what to do now, in this order. */
export function BrokenNotice(props: { chain: Chain }): JSX.Element {
  const { t, format } = useAuditText();
  const i18n = useI18n();
  const number = (seq: number) => format().integer(seq);
  return (
    <Show when={pick(props.chain.state(), 'broken')}>
      {(broken) => (
        <Notice tone="danger" icon={<ShieldAlert aria-hidden="true" />} isAlert>
          <p class="font-semibold">{t('broken.title', { seq: number(broken().at) })}</p>
          <p class="text-text">
            {t(`broken.${broken().reason}`)}{' '}
            <Show when={broken().holdsTo} fallback={t('broken.holdsNothing')}>
              {(seq) => t('broken.holdsTo', { seq: number(seq()) })}
            </Show>
          </p>
          <p class="mt-2 font-medium">{t('broken.what')}</p>
          <ol class="flex list-decimal flex-col gap-1 ps-5 text-text">
            <li>{t('broken.step1')}</li>
            <li>
              {t('broken.step2')}
              <CodeLine
                code="npm run audit -- verify --checkpoint audit-checkpoint.json"
                copyLabel={i18n.t('copy.copy')}
              />
            </li>
            <li>{t('broken.step3')}</li>
          </ol>
        </Notice>
      )}
    </Show>
  );
}

function ChainFacts(props: { chain: Chain; now: number }): JSX.Element {
  const { t, plural, format } = useAuditText();
  const verifying = () => pick(props.chain.state(), 'verifying');
  const unchained = () => pick(props.chain.state(), 'verified')?.unchained ?? 0;
  const words = (facts: { to: number; total: number }) =>
    t('chain.progress', { seq: format().integer(facts.to), total: format().integer(facts.total) });
  return (
    <>
      <Show when={verifying()}>
        {(facts) => (
          <p role="status" class="text-table text-text-2 figures">
            {words(facts())}
          </p>
        )}
      </Show>
      <Show when={unchained() > 0}>
        <p class="text-table text-text-2">{plural('chain.unchained', unchained())}</p>
      </Show>
      <Show when={props.chain.status()}>
        {(status) => (
          <dl class="flex flex-wrap gap-x-8 gap-y-3">
            <Fact label={t('chain.checkedAt')}>
              <RelativeTime at={status().checkedAt} now={props.now} />
            </Fact>
            <Show when={status().head}>
              {(head) => (
                <Fact label={t('chain.head')}>
                  <IdChip id={head().hash} what={t('chain.head')} />
                </Fact>
              )}
            </Show>
          </dl>
        )}
      </Show>
    </>
  );
}

/** How the log is protected and how far that goes, with what a reader can take along. */
export function ChainPanel(props: { chain: Chain; now: number; children: JSX.Element }): JSX.Element {
  const { t } = useAuditText();
  const i18n = useI18n();
  return (
    <Panel
      title={t('chain.title')}
      aside={
        <span class="flex flex-wrap items-center gap-2">
          <ChainBadge chain={props.chain} />
          <Button
            size="compact"
            variant="quiet"
            disabled={props.chain.query.isFetching}
            onClick={props.chain.refetch}
          >
            <RefreshCw aria-hidden="true" class="size-4" />
            {t('chain.again')}
          </Button>
        </span>
      }
    >
      <p class="max-w-[76ch] text-table text-text-2">{t('chain.how')}</p>
      <Show when={props.chain.query.isError}>
        <ErrorNotice error={toUiError(props.chain.query.error, i18n.t)} />
      </Show>
      <ChainFacts chain={props.chain} now={props.now} />
      {props.children}
    </Panel>
  );
}
