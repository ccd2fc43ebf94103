import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';
import { PageHeader } from '../../ui/page.tsx';
import { Fact, Nothing, Panel } from '../../ui/panel.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { useViewer } from '../shell/viewer.ts';
import { AccountTextProvider, useAccountText } from './account-text.ts';
import { ChangePasswordDialog } from './change-password-dialog.tsx';
import { SignInsList } from './sign-ins-list.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';
import { TwoFactorPanel } from './two-factor-panel.tsx';

type Shown = { kind: 'changePassword' } | { kind: 'signOut' };
type PartProps = { dialogs: DialogState<Shown> };

function YouPanel(props: PartProps): JSX.Element {
  const { t } = useAccountText();
  const viewer = useViewer();
  const role = () => viewer().role ?? 'user';
  return (
    <Panel
      title={t('account.you')}
      aside={
        <Button onClick={() => props.dialogs.show({ kind: 'changePassword' })}>{t('account.change')}</Button>
      }
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
    </Panel>
  );
}

function SignInsPanel(props: PartProps): JSX.Element {
  const { t } = useAccountText();
  return (
    <Panel
      title={t('signIns.title')}
      aside={
        <Button onClick={() => props.dialogs.show({ kind: 'signOut' })}>{t('signIns.everywhere')}</Button>
      }
    >
      <SignInsList onEnded={() => props.dialogs.tell(t('signIns.ended'))} />
    </Panel>
  );
}

function Dialogs(props: PartProps): JSX.Element {
  const { t } = useAccountText();
  const kind = () => props.dialogs.open().kind;
  return (
    <Switch>
      <Match when={kind() === 'changePassword'}>
        <ChangePasswordDialog
          onClose={props.dialogs.close}
          onChanged={() => {
            props.dialogs.close();
            props.dialogs.tell(t('account.changed'));
          }}
        />
      </Match>
      <Match when={kind() === 'signOut'}>
        <SignOutDialog
          onClose={props.dialogs.close}
          // A fresh page remembers nothing.
          onDone={() => location.assign('/login')}
        />
      </Match>
    </Switch>
  );
}

function Content(): JSX.Element {
  const { t } = useAccountText();
  const dialogs = createDialogState<Shown>();
  return (
    <div class="flex max-w-4xl flex-col gap-5">
      <PageHeader title={t('account.title')} lead={t('account.lead')} />
      <YouPanel dialogs={dialogs} />
      <TwoFactorPanel onNews={dialogs.tell} />
      <SignInsPanel dialogs={dialogs} />
      <StatusLine text={dialogs.news()} onGone={() => dialogs.tell('')} />
      <Dialogs dialogs={dialogs} />
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
