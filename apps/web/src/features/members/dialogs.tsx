import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useAccountText } from '../settings/account-text.ts';
import type { AccountMessage } from '../settings/account-text.ts';
import {
  AddMemberDialog,
  DisableMemberDialog,
  EditMemberDialog,
  SetPasswordDialog,
} from './member-dialogs.tsx';
import type { MemberAction } from './member-rules.ts';
import { MemberSignInsDialog } from './member-sign-ins-dialog.tsx';
import type { Member } from './member-types.ts';
import { createDialogState } from '../../ui/dialog-state.ts';
import type { DialogState } from '../../ui/dialog-state.ts';

type DialogAction = Exclude<MemberAction, 'enable'>;

type Shown = { kind: 'add' } | { kind: DialogAction; member: Member };

export type MemberDialogs = Omit<DialogState<Shown>, 'show' | 'doNow'> & {
  show: (member: Member, action: MemberAction) => void;
  showAdd: () => void;
};

export function createMemberDialogs(onChanged: () => void): MemberDialogs {
  const { client } = useApi();
  const { t } = useAccountText();
  const { doNow, show, ...state } = createDialogState<Shown>();
  return {
    ...state,
    show(member, action) {
      if (action !== 'enable') return show({ kind: action, member });
      // Giving access back takes nothing from anyone.
      const run = () => client.members.update.mutate({ id: member.id, isDisabled: false });
      void doNow({ run, news: t('done.enable', { name: member.name }), onChanged });
    },
    showAdd: () => show({ kind: 'add' }),
  };
}

type DialogsProps = { dialogs: MemberDialogs; all: readonly Member[]; onChanged: () => void };

export function MemberActionDialogs(props: DialogsProps): JSX.Element {
  const { t } = useAccountText();
  const memberFor = (kind: DialogAction) => {
    const open = props.dialogs.open();
    return open.kind === kind ? open.member : null;
  };
  const close = () => props.dialogs.close();
  const finish = (message: AccountMessage) => (member: Member) => {
    props.dialogs.close();
    props.dialogs.tell(t(message, { name: member.name }));
    props.onChanged();
  };
  return (
    <Switch>
      <Match when={props.dialogs.open().kind === 'add'}>
        <AddMemberDialog onClose={close} onDone={finish('done.add')} />
      </Match>
      <Match when={memberFor('edit')}>
        {(member) => (
          <EditMemberDialog member={member()} all={props.all} onClose={close} onDone={finish('done.edit')} />
        )}
      </Match>
      <Match when={memberFor('password')}>
        {(member) => (
          <SetPasswordDialog member={member()} onClose={close} onDone={finish('done.setPassword')} />
        )}
      </Match>
      <Match when={memberFor('disable')}>
        {(member) => (
          <DisableMemberDialog member={member()} onClose={close} onDone={finish('done.disable')} />
        )}
      </Match>
      <Match when={memberFor('signIns')}>
        {(member) => (
          <MemberSignInsDialog
            member={member()}
            onClose={close}
            onEnded={() => props.dialogs.tell(t('signIns.ended'))}
            onSignedOut={() => finish('done.signedOut')(member())}
          />
        )}
      </Match>
    </Switch>
  );
}
