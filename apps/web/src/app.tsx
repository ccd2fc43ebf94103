import { Navigate, Route, Router } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import type { QueryClient } from '@tanstack/solid-query';
import { ErrorBoundary, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import type { Api } from './api/api.ts';
import { ApiProvider } from './api/context.tsx';
import { CrashPage } from './features/shell/crash-page.tsx';
import { SignedIn } from './features/shell/signed-in.tsx';
import { useCan } from './features/shell/viewer.ts';
import { I18nProvider } from './i18n/context.tsx';
import type { I18n } from './i18n/i18n.ts';
import { PreferencesContext } from './preferences.ts';
import type { Preferences } from './preferences.ts';

export type AppProps = { api: Api; i18n: I18n; preferences: Preferences; queries: QueryClient };

const SignInPage = lazy(async () => ({
  default: (await import('./features/sign-in/sign-in-page.tsx')).SignInPage,
}));
const PlaygroundPage = lazy(async () => ({
  default: (await import('./features/playground/playground-page.tsx')).PlaygroundPage,
}));
const SessionsPage = lazy(async () => ({
  default: (await import('./features/sessions/sessions-page.tsx')).SessionsPage,
}));
const SessionPage = lazy(async () => ({
  default: (await import('./features/sessions/session-page.tsx')).SessionPage,
}));

const ProviderKeysPage = lazy(async () => ({
  default: (await import('./features/provider-keys/provider-keys-page.tsx')).ProviderKeysPage,
}));
const ProviderKeyPage = lazy(async () => ({
  default: (await import('./features/provider-keys/provider-key-page.tsx')).ProviderKeyPage,
}));

const SetupPage = lazy(async () => ({
  default: (await import('./features/setup/pages.ts')).SetupPage,
}));
const WelcomePage = lazy(async () => ({
  default: (await import('./features/setup/pages.ts')).WelcomePage,
}));
const AccountPage = lazy(async () => ({
  default: (await import('./features/settings/account-page.tsx')).AccountPage,
}));
const MembersPage = lazy(async () => ({
  default: (await import('./features/members/members-page.tsx')).MembersPage,
}));
const AccessKeysPage = lazy(async () => ({
  default: (await import('./features/access-keys/access-keys-page.tsx')).AccessKeysPage,
}));
const AccessKeyPage = lazy(async () => ({
  default: (await import('./features/access-keys/access-key-page.tsx')).AccessKeyPage,
}));

const UsersPage = lazy(async () => ({
  default: (await import('./features/users/users-page.tsx')).UsersPage,
}));
const UserPage = lazy(async () => ({
  default: (await import('./features/users/user-page.tsx')).UserPage,
}));
const BudgetsPage = lazy(async () => ({
  default: (await import('./features/budgets/budgets-page.tsx')).BudgetsPage,
}));

const OverviewPage = lazy(async () => ({
  default: (await import('./features/overview/overview-page.tsx')).OverviewPage,
}));
const UsagePage = lazy(async () => ({
  default: (await import('./features/usage/usage-page.tsx')).UsagePage,
}));
const AuditPage = lazy(async () => ({
  default: (await import('./features/audit/audit-page.tsx')).AuditPage,
}));

const NodesPage = lazy(async () => ({
  default: (await import('./features/nodes/nodes-page.tsx')).NodesPage,
}));
const NodePage = lazy(async () => ({
  default: (await import('./features/nodes/node-page.tsx')).NodePage,
}));
const RegistrationTokensPage = lazy(async () => ({
  default: (await import('./features/nodes/tokens-page.tsx')).RegistrationTokensPage,
}));

const NotFoundPage = lazy(async () => ({
  default: (await import('./features/shell/dead-ends.tsx')).NotFoundPage,
}));

/** Whoever may not see how the whole deployment does comes here to talk. */
function Home(): JSX.Element {
  const can = useCan();
  return (
    <Show when={can('usage:read')} fallback={<Navigate href="/playground" />}>
      <OverviewPage />
    </Show>
  );
}

function Settings(): JSX.Element {
  return <Navigate href="/settings/account" />;
}

function Root(props: { children?: JSX.Element }): JSX.Element {
  return (
    <ErrorBoundary fallback={<CrashPage />}>
      <Suspense>{props.children}</Suspense>
    </ErrorBoundary>
  );
}

export function App(props: AppProps): JSX.Element {
  return (
    <I18nProvider value={props.i18n}>
      <PreferencesContext.Provider value={props.preferences}>
        <ApiProvider value={props.api}>
          <QueryClientProvider client={props.queries}>
            <Router root={Root}>
              <Route path="/login" component={SignInPage} />
              <Route path="/setup" component={SetupPage} />
              <Route path="/" component={SignedIn}>
                <Route path="/" component={Home} />
                <Route path="/welcome" component={WelcomePage} />
                <Route path="/playground" component={PlaygroundPage} />
                <Route path="/sessions" component={SessionsPage} />
                <Route path="/sessions/:id" component={SessionPage} />
                <Route path="/provider-keys" component={ProviderKeysPage} />
                <Route path="/provider-keys/:id" component={ProviderKeyPage} />
                <Route path="/access-keys" component={AccessKeysPage} />
                <Route path="/access-keys/:id" component={AccessKeyPage} />
                <Route path="/users" component={UsersPage} />
                <Route path="/users/:id" component={UserPage} />
                <Route path="/budgets" component={BudgetsPage} />
                <Route path="/nodes" component={NodesPage} />
                <Route path="/nodes/:id" component={NodePage} />
                <Route path="/registration-tokens" component={RegistrationTokensPage} />
                <Route path="/usage" component={UsagePage} />
                <Route path="/audit" component={AuditPage} />
                <Route path="/settings" component={Settings} />
                <Route path="/settings/account" component={AccountPage} />
                <Route path="/settings/members" component={MembersPage} />
                <Route path="*" component={NotFoundPage} />
              </Route>
            </Router>
          </QueryClientProvider>
        </ApiProvider>
      </PreferencesContext.Provider>
    </I18nProvider>
  );
}
