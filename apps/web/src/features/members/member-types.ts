import type { RouterOutputs } from '@ephemera/api';

export type Member = RouterOutputs['members']['list']['items'][number];
export type MemberRole = Member['role'];

/** From the one who may do most. */
export const MEMBER_ROLES = [
  'owner',
  'operator',
  'developer',
  'viewer',
  'user',
] as const satisfies readonly MemberRole[];

export function parseMemberRole(value: unknown): MemberRole | null {
  return MEMBER_ROLES.find((role) => role === value) ?? null;
}
