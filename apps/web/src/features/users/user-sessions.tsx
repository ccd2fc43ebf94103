import { A } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import { SessionTextProvider } from '../sessions/session-text.ts';
import { SessionsTable } from '../sessions/sessions-table.tsx';

const SHOWN = 5;
const POLL_MS = 5_000;
const LOADING_CELLS = ['h-4 w-24', 'h-5 w-20', 'ms-auto h-4 w-24'];

/** The newest few, and the way to all of them. */
export function UserSessions(props: { id: string; now: number }): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.sessions.list.queryOptions({ userId: props.id, limit: SHOWN }),
    refetchInterval: POLL_MS,
  }));
  const sessions = () => findData(query)?.items;
  return (
    <section class="card overflow-hidden" aria-label={t('user.newest')}>
      <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
        <h2 class="text-body font-semibold">{t('user.newest')}</h2>
        <A
          href={`/sessions?user=${encodeURIComponent(props.id)}`}
          class="text-table font-medium text-accent underline underline-offset-2"
        >
          {t('user.allSessions')}
        </A>
      </div>
      <div class="border-t border-border">
        <Switch fallback={<LoadingRows count={3} cells={LOADING_CELLS} />}>
          <Match when={sessions()?.length === 0}>
            <p class="px-5 py-6 text-body text-text-2">{t('user.noSessions')}</p>
          </Match>
          <Match when={sessions()}>
            {(shown) => (
              <SessionTextProvider>
                <SessionsTable sessions={shown()} now={props.now} hasUsers={false} />
              </SessionTextProvider>
            )}
          </Match>
          <Match when={query.isError}>
            <ErrorState error={toUiError(query.error, i18n.t)} onRetry={() => void query.refetch()} />
          </Match>
        </Switch>
      </div>
    </section>
  );
}
