import type { Scope } from '@ephemera/api';
import AudioLines from 'lucide-solid/icons/audio-lines';
import ChartColumn from 'lucide-solid/icons/chart-column';
import Gauge from 'lucide-solid/icons/gauge';
import KeyRound from 'lucide-solid/icons/key-round';
import KeySquare from 'lucide-solid/icons/key-square';
import ListTree from 'lucide-solid/icons/list-tree';
import Network from 'lucide-solid/icons/network';
import ScrollText from 'lucide-solid/icons/scroll-text';
import UserCog from 'lucide-solid/icons/user-cog';
import UsersRound from 'lucide-solid/icons/users-round';
import Users from 'lucide-solid/icons/users';
import Wallet from 'lucide-solid/icons/wallet';

import type { MessageKey } from '../../i18n/dictionary.ts';

export type NavItem = {
  href: string;
  label: MessageKey;
  icon: typeof AudioLines;
  scope?: Scope;
  /** Only this very address is the page, not what lies below it. */
  isExact?: boolean;
};

export type NavGroup = { label: MessageKey; items: readonly NavItem[] };

const GROUPS: readonly NavGroup[] = [
  {
    label: 'nav.build',
    items: [
      { href: '/playground', label: 'nav.playground', icon: AudioLines },
      { href: '/sessions', label: 'nav.sessions', icon: ListTree },
      { href: '/access-keys', label: 'nav.accessKeys', icon: KeySquare, scope: 'access-keys:read' },
    ],
  },
  {
    label: 'nav.operate',
    items: [
      { href: '/', label: 'nav.overview', icon: Gauge, scope: 'usage:read', isExact: true },
      { href: '/provider-keys', label: 'nav.providerKeys', icon: KeyRound, scope: 'keys:read' },
      { href: '/users', label: 'nav.users', icon: Users, scope: 'users:read' },
      { href: '/budgets', label: 'nav.budgets', icon: Wallet, scope: 'budgets:read' },
      { href: '/nodes', label: 'nav.nodes', icon: Network, scope: 'nodes:read' },
    ],
  },
  {
    label: 'nav.insight',
    items: [
      { href: '/usage', label: 'nav.usage', icon: ChartColumn, scope: 'usage:read' },
      { href: '/audit', label: 'nav.audit', icon: ScrollText, scope: 'audit:read' },
    ],
  },
  {
    label: 'nav.settings',
    items: [
      { href: '/settings/account', label: 'nav.account', icon: UserCog },
      { href: '/settings/members', label: 'nav.members', icon: UsersRound, scope: 'members:read' },
    ],
  },
];

/** What leads to nothing but a dead end is not offered. */
export function listNavGroups(can: (scope: Scope) => boolean): NavGroup[] {
  return GROUPS.map((group) => ({
    ...group,
    items: group.items.filter(({ scope }) => scope === undefined || can(scope)),
  })).filter(({ items }) => items.length > 0);
}

/** The places of the bar on a phone, in this order; everything else stands under "More". */
const BAR: readonly string[] = ['/', '/playground', '/sessions'];
const ALL_FIT = 4;

/** On a phone there is room for a few: all of them if they fit, else the most used ones. */
export function listBarItems(groups: readonly NavGroup[]): NavItem[] {
  const items = groups.flatMap((group) => group.items);
  if (items.length <= ALL_FIT) return items;
  return BAR.flatMap((href) => items.find((item) => item.href === href) ?? []);
}
