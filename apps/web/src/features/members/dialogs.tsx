import { createSignal, Match, Switch } from 'solid-js';
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

type DialogAction = Exclude<MemberAction, 'enable'>;

type OpenDialog = { kind: 'none' | 'add' } | { kind: DialogAction; member: Member };

export type MemberDialogs = {
  open: () => OpenDialog;
  show: (member: Member, action: MemberAction) => void;
  showAdd: () => void;
  close: () => void;
  /** What was done last, for the status line. */
  news: () => string;
  tell: (text: string) => void;
  problem: () => { error: unknown } | null;
};

/** Which dialog is open, and what became of the last action. */
export function createMemberDialogs(onChanged: () => void): MemberDialogs {
  const { client } = useApi();
  const { t } = useAccountText();
  const [open, setOpen] = createSignal<OpenDialog>({ kind: 'none' });
  const [news, setNews] = createSignal('');
  const [problem, setProblem] = createSignal<{ error: unknown } | null>(null);

  async function enable(member: Member): Promise<void> {
    await client.members.update.mutate({ id: member.id, isDisabled: false }).then(
      () => setNews(t('done.enable', { name: member.name })),
      (error: unknown) => setProblem({ error }),
    );
    onChanged();
  }

  return {
    open,
    news,
    tell: setNews,
    problem,
    show(member, action) {
      setProblem(null);
      // Giving access back takes nothing from anyone.
      if (action === 'enable') void enable(member);
      else setOpen({ kind: action, member });
    },
    showAdd: () => setOpen({ kind: 'add' }),
    close: () => setOpen({ kind: 'none' }),
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
