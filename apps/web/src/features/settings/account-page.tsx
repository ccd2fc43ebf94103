import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { Fact, Nothing, Panel } from '../../ui/panel.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { useViewer } from '../shell/viewer.ts';
import { AccountTextProvider, useAccountText } from './account-text.ts';
import { ChangePasswordDialog } from './change-password-dialog.tsx';
import { SignInsList } from './sign-ins-list.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';
import { TwoFactorPanel } from './two-factor-panel.tsx';

type NewsProps = { onNews: (text: string) => void };

function YouPanel(props: NewsProps): JSX.Element {
  const { t } = useAccountText();
  const viewer = useViewer();
  const [isChanging, setIsChanging] = createSignal(false);
  const role = () => viewer().role ?? 'user';
  return (
    <Panel
      title={t('account.you')}
      aside={<Button onClick={() => setIsChanging(true)}>{t('account.change')}</Button>}
    >
      <dl class="grid gap-4 sm:grid-cols-3">
        <Fact label={t('field.name')}>
          <Show when={viewer().name} fallback={<Nothing />}>
            {(name) => name()}
          </Show>
        </Fact>
        <Fact label={t('field.email')}>
          <Show when={viewer().email} fallback={<Nothing />}>
            {(email) => <span class="wrap-anywhere">{email()}</span>}
          </Show>
        </Fact>
        <Fact label={t('account.role')}>
          {t(`role.${role()}`)}
          <span class="block text-caption text-text-3">{t(`role.${role()}.text`)}</span>
        </Fact>
      </dl>
      <Show when={isChanging()}>
        <ChangePasswordDialog
          onClose={() => setIsChanging(false)}
          onChanged={() => {
            setIsChanging(false);
            props.onNews(t('account.changed'));
          }}
        />
      </Show>
    </Panel>
  );
}

function SignInsPanel(props: NewsProps): JSX.Element {
  const { t } = useAccountText();
  const [isAsking, setIsAsking] = createSignal(false);
  return (
    <Panel
      title={t('signIns.title')}
      aside={<Button onClick={() => setIsAsking(true)}>{t('signIns.everywhere')}</Button>}
    >
      <SignInsList onEnded={() => props.onNews(t('signIns.ended'))} />
      <Show when={isAsking()}>
        <SignOutDialog
          onClose={() => setIsAsking(false)}
          // A fresh page remembers nothing.
          onDone={() => location.assign('/login')}
        />
      </Show>
    </Panel>
  );
}

function Content(): JSX.Element {
  const { t } = useAccountText();
  const [news, setNews] = createSignal('');
  return (
    <div class="flex max-w-4xl flex-col gap-5">
      <PageHeader title={t('account.title')} lead={t('account.lead')} />
      <YouPanel onNews={setNews} />
      <TwoFactorPanel onNews={setNews} />
      <SignInsPanel onNews={setNews} />
      <StatusLine text={news()} onGone={() => setNews('')} />
    </div>
  );
}

export function AccountPage(): JSX.Element {
  return (
    <AccountTextProvider>
      <Content />
    </AccountTextProvider>
  );
}
