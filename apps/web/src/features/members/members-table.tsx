import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleOff from 'lucide-solid/icons/circle-off';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import KeyRound from 'lucide-solid/icons/key-round';
import Monitor from 'lucide-solid/icons/monitor';
import Pencil from 'lucide-solid/icons/pencil';
import Power from 'lucide-solid/icons/power';
import PowerOff from 'lucide-solid/icons/power-off';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { Badge } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { useCan } from '../shell/viewer.ts';
import { listActions } from './member-rules.ts';
import type { MemberAction } from './member-rules.ts';
import type { Member } from './member-types.ts';

export type MembersListProps = {
  members: readonly Member[];
  /** Those that the filter hides as well: who is the last owner depends on them. */
  all: readonly Member[];
  now: number;
  onAction: (member: Member, action: MemberAction) => void;
};

type RowProps = Omit<MembersListProps, 'members'> & { member: Member };

const ICONS: Readonly<Record<MemberAction, typeof Power>> = {
  edit: Pencil,
  signIns: Monitor,
  password: KeyRound,
  disable: PowerOff,
  enable: Power,
};

const ROUND =
  'relative grid size-8 place-items-center rounded-control text-text-2 hover:bg-muted hover:text-text touch-target';

function RowMenu(props: RowProps): JSX.Element {
  const { t } = useAccountText();
  const can = useCan();
  const items = () =>
    listActions(props.member, props.all).map(({ action, blockedBy }) => ({
      id: action,
      label: t(`action.${action}`),
      icon: <Dynamic component={ICONS[action]} aria-hidden="true" />,
      isDanger: action === 'disable',
      blockedBy: blockedBy === null ? null : t(blockedBy),
    }));
  function choose(id: string): void {
    const found = listActions(props.member, props.all).find(({ action }) => action === id);
    if (found !== undefined) props.onAction(props.member, found.action);
  }
  return (
    <Show when={can('members:write')}>
      <Menu
        label={t('menu.label', { name: props.member.name })}
        items={items()}
        onChoose={choose}
        triggerClass={ROUND}
      >
        <Ellipsis aria-hidden="true" class="size-4.5" />
      </Menu>
    </Show>
  );
}

function Person(props: { member: Member }): JSX.Element {
  const { t } = useAccountText();
  return (
    <span class="flex min-w-0 flex-col">
      <span class="flex flex-wrap items-center gap-x-2 gap-y-0.5 font-medium">
        <span class="min-w-0 wrap-anywhere">{props.member.name}</span>
        <Show when={props.member.isSelf}>
          <Badge tone="accent">{t('members.you')}</Badge>
        </Show>
      </span>
      <span class="text-table wrap-anywhere text-text-2">{props.member.email}</span>
    </span>
  );
}

function TwoFactorCell(props: { member: Member }): JSX.Element {
  const { t } = useAccountText();
  return (
    <Show when={props.member.twoFactorEnabled} fallback={<span class="text-text-3">{t('two.off')}</span>}>
      <Badge tone="success" icon={<ShieldCheck aria-hidden="true" />}>
        {t('two.on')}
      </Badge>
    </Show>
  );
}

function StateCell(props: { member: Member }): JSX.Element {
  const { t } = useAccountText();
  return (
    <Show
      when={props.member.disabledAt === null}
      fallback={
        <Badge tone="neutral" icon={<CircleOff aria-hidden="true" />}>
          {t('state.disabled')}
        </Badge>
      }
    >
      <Badge tone="success" icon={<CircleCheck aria-hidden="true" />}>
        {t('state.active')}
      </Badge>
    </Show>
  );
}

function LastSignIn(props: { member: Member; now: number }): JSX.Element {
  const { t } = useAccountText();
  return (
    <Show when={props.member.lastSignInAt} fallback={<span class="text-text-3">{t('never.signedIn')}</span>}>
      {(at) => <RelativeTime at={at()} now={props.now} />}
    </Show>
  );
}

function Added(props: { member: Member }): JSX.Element {
  const { format } = useAccountText();
  return (
    <Show when={props.member.createdAt} fallback={<Nothing />}>
      {(at) => <time datetime={at()}>{format().date(new Date(at()))}</time>}
    </Show>
  );
}

function createColumns(props: MembersListProps): Column<Member>[] {
  const { t } = useAccountText();
  return [
    { head: () => t('col.name'), cell: (member) => <Person member={member()} /> },
    { head: () => t('col.role'), cell: (member) => t(`role.${member().role}`) },
    { head: () => t('col.twoFactor'), cell: (member) => <TwoFactorCell member={member()} /> },
    {
      head: () => t('col.lastSignIn'),
      cell: (member) => <LastSignIn member={member()} now={props.now} />,
    },
    { head: () => t('col.added'), cell: (member) => <Added member={member()} /> },
    { head: () => t('col.state'), cell: (member) => <StateCell member={member()} /> },
    {
      head: () => <span class="sr-only">{t('col.actions')}</span>,
      cell: (member) => (
        <span class="-my-1.5 flex justify-end">
          <RowMenu member={member()} all={props.all} now={props.now} onAction={props.onAction} />
        </span>
      ),
    },
  ];
}

function Card(props: RowProps): JSX.Element {
  const { t } = useAccountText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <Person member={props.member} />
        <span class="-me-1.5 -mt-1">
          <RowMenu {...props} />
        </span>
      </div>
      <dl class="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-4">
        <Fact label={t('col.role')}>{t(`role.${props.member.role}`)}</Fact>
        <Fact label={t('col.state')}>
          <StateCell member={props.member} />
        </Fact>
        <Fact label={t('col.twoFactor')}>
          <TwoFactorCell member={props.member} />
        </Fact>
        <Fact label={t('col.lastSignIn')}>
          <LastSignIn member={props.member} now={props.now} />
        </Fact>
      </dl>
    </>
  );
}

export function MembersTable(props: MembersListProps): JSX.Element {
  const { t } = useAccountText();
  return (
    <DataTable
      label={t('members.region')}
      density="one-line"
      rowTestId="member-row"
      rows={props.members}
      columns={createColumns(props)}
      card={(member) => <Card member={member()} all={props.all} now={props.now} onAction={props.onAction} />}
    />
  );
}
