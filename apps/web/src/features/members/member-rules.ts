import type { AccountMessage } from '../settings/account-text.ts';
import { MEMBER_ROLES } from './member-types.ts';
import type { Member, MemberRole } from './member-types.ts';

export type MemberAction = 'edit' | 'signIns' | 'password' | 'disable' | 'enable';

/** `blockedBy` says why it cannot be done now; it is shown, not hidden. */
export type OfferedAction = { action: MemberAction; blockedBy: AccountMessage | null };

function isOwner({ role, disabledAt }: Member): boolean {
  return role === 'owner' && disabledAt === null;
}

/** Without this one nobody could add members any more. */
export function isLastOwner(member: Member, all: readonly Member[]): boolean {
  return isOwner(member) && all.filter(isOwner).length === 1;
}

/** Nobody shuts themselves out, nor does the last owner leave. */
export function findBlock(member: Member, all: readonly Member[]): AccountMessage | null {
  if (isLastOwner(member, all)) return 'blocked.lastOwner';
  return member.isSelf ? 'blocked.self' : null;
}

export function listActions(member: Member, all: readonly Member[]): OfferedAction[] {
  const isDisabled = member.disabledAt !== null;
  return [
    { action: 'edit', blockedBy: null },
    { action: 'signIns', blockedBy: null },
    // One's own is changed on the account's page, which asks for the present one.
    { action: 'password', blockedBy: member.isSelf ? 'blocked.self' : null },
    isDisabled
      ? { action: 'enable', blockedBy: null }
      : { action: 'disable', blockedBy: findBlock(member, all) },
  ];
}

/** By role, then by name. */
export function selectMembers(members: readonly Member[], role: MemberRole | null): Member[] {
  return members
    .filter((member) => role === null || member.role === role)
    .toSorted(
      (a, b) =>
        MEMBER_ROLES.indexOf(a.role) - MEMBER_ROLES.indexOf(b.role) ||
        a.name.localeCompare(b.name) ||
        a.id.localeCompare(b.id),
    );
}

export function countByRole(members: readonly Member[]): ReadonlyMap<MemberRole, number> {
  const counts = new Map<MemberRole, number>();
  for (const { role } of members) counts.set(role, (counts.get(role) ?? 0) + 1);
  return counts;
}
