import type { AccountMessage } from '../settings/account-text.ts';
import { findEmailProblem, findPasswordProblem } from '../settings/password-rules.ts';
import type { Member, MemberRole } from './member-types.ts';

export type MemberInput = { name: string; email: string; role: MemberRole; password: string };

export type MemberField = 'name' | 'email' | 'role' | 'password';

export type MemberProblem = { field: MemberField; message: AccountMessage };

export const NEW_MEMBER: MemberInput = { name: '', email: '', role: 'developer', password: '' };

function findNameProblem(name: string): MemberProblem | null {
  return name.trim() === '' ? { field: 'name', message: 'missing.name' } : null;
}

/** The first field of a new member that cannot be sent. */
export function findNewProblem(input: MemberInput): MemberProblem | null {
  const name = findNameProblem(input.name);
  if (name !== null) return name;
  const email = findEmailProblem(input.email);
  if (email !== null) return { field: 'email', message: email };
  const password = findPasswordProblem(input.password, input.email);
  return password === null ? null : { field: 'password', message: password };
}

export type MemberChange = { name?: string; role?: MemberRole };

/** What an edit changes, or what is wrong with it. */
export function findChange(
  member: Pick<Member, 'name' | 'role'>,
  typed: { name: string; role: MemberRole },
): { problem: MemberProblem } | { change: MemberChange } {
  const problem = findNameProblem(typed.name);
  if (problem !== null) return { problem };
  const name = typed.name.trim();
  return {
    change: {
      ...(name === member.name ? {} : { name }),
      ...(typed.role === member.role ? {} : { role: typed.role }),
    },
  };
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const REFUSED: Readonly<Record<string, MemberProblem>> = {
  'invalid_request name': { field: 'name', message: 'wrong.name' },
  'invalid_request email': { field: 'email', message: 'wrong.email' },
  'invalid_request password': { field: 'password', message: 'wrong.password' },
  'conflict email': { field: 'email', message: 'wrong.emailTaken' },
  'conflict role': { field: 'role', message: 'conflict.lastOwner' },
};

/** The field that the server refused, when it is one of the form's. */
export function findRefusedField(error: unknown): MemberProblem | null {
  const data = readField(error, 'data');
  const [code, param] = [readField(data, 'appCode'), readField(readField(data, 'details'), 'param')];
  return REFUSED[`${String(code)} ${String(param)}`] ?? null;
}
