import { Navigate, useLocation } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { Match, Show, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { isSignedOut, toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Delayed } from '../../ui/skeleton.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ReauthenticationHost } from '../sign-in/reauthentication.tsx';
import { AppShell } from './app-shell.tsx';
import { ViewerContext } from './viewer.ts';

const FIVE_MINUTES = 300_000;

function ToSignIn(): JSX.Element {
  const location = useLocation();
  const target = `${location.pathname}${location.search}`;
  const next = target === '/' ? '' : `?next=${encodeURIComponent(target)}`;
  return <Navigate href={`/login${next}`} />;
}

/** Everything behind the sign-in: knows who it is, or leads to the sign-in page and back. */
export function SignedIn(props: { children?: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  const { trpc } = useApi();
  const viewer = useQuery(() => ({ ...trpc.me.get.queryOptions(), staleTime: FIVE_MINUTES }));
  return (
    <Switch>
      <Match when={viewer.isError && isSignedOut(viewer.error)}>
        <ToSignIn />
      </Match>
      <Match when={viewer.isError && viewer.error}>
        {(error) => (
          <main class="grid min-h-dvh place-items-center">
            <ErrorState error={toUiError(error(), t)} onRetry={() => void viewer.refetch()} />
          </main>
        )}
      </Match>
      <Match when={viewer.isSuccess}>
        <Show when={findData(viewer)}>
          {(user) => (
            <ViewerContext.Provider value={user}>
              <AppShell>
                <Suspense>{props.children}</Suspense>
              </AppShell>
              <ReauthenticationHost />
            </ViewerContext.Provider>
          )}
        </Show>
      </Match>
      <Match when={viewer.isPending}>
        <Delayed>
          <p class="sr-only" role="status">
            {t('app.loading')}
          </p>
        </Delayed>
      </Match>
    </Switch>
  );
}
