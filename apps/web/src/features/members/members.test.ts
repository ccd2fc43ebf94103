import { test } from 'vitest';

import { findChange, findNewProblem, findRefusedField, NEW_MEMBER } from './member-form.ts';
import { countByRole, isLastOwner, listActions, selectMembers } from './member-rules.ts';
import type { Member } from './member-types.ts';

function create(id: string, change: Partial<Member> = {}): Member {
  return {
    id,
    name: id,
    email: `${id}@example.com`,
    role: 'viewer',
    twoFactorEnabled: false,
    disabledAt: null,
    createdAt: '2026-11-01T09:00:00.000Z',
    lastSignInAt: null,
    isSelf: false,
    ...change,
  };
}

const owner = create('ada', { role: 'owner', isSelf: true });
const second = create('bob', { role: 'owner' });
const gone = create('cyd', { role: 'owner', disabledAt: '2026-11-02T09:00:00.000Z' });
const viewer = create('dee');

const blockOf = (member: Member, all: readonly Member[]) =>
  listActions(member, all).find(({ action }) => action === 'disable')?.blockedBy;

test('the last owner stays: one who is disabled does not count', ({ expect }) => {
  expect(isLastOwner(owner, [owner, gone, viewer])).toBe(true);
  expect(isLastOwner(owner, [owner, second])).toBe(false);
  expect(blockOf(owner, [owner, gone])).toBe('blocked.lastOwner');
});

test('nobody disables themselves, and everybody else can be', ({ expect }) => {
  expect(blockOf(owner, [owner, second])).toBe('blocked.self');
  expect(blockOf(viewer, [owner, viewer])).toBeNull();
  expect(listActions(gone, [owner, gone]).at(-1)).toEqual({ action: 'enable', blockedBy: null });
});

test('members stand by what they may do, then by name', ({ expect }) => {
  const all = [viewer, second, owner];
  expect(selectMembers(all, null).map(({ id }) => id)).toEqual(['ada', 'bob', 'dee']);
  expect(selectMembers(all, 'viewer')).toEqual([viewer]);
  expect(countByRole(all).get('owner')).toBe(2);
});

const input = { ...NEW_MEMBER, name: 'Eve', email: 'eve@example.com', password: 'four words in a row' };

test.for([
  [{ name: ' ' }, 'name'],
  [{ email: 'eve' }, 'email'],
  [{ password: 'eve@example.com' }, 'password'],
] as const)('a new member with %o is stopped at the field', ([change, field], { expect }) => {
  expect(findNewProblem({ ...input, ...change })?.field).toBe(field);
  expect(findNewProblem(input)).toBeNull();
});

test('an edit sends what was changed', ({ expect }) => {
  expect(findChange(viewer, { name: ' Dee Doe ', role: 'viewer' })).toEqual({ change: { name: 'Dee Doe' } });
  expect(findChange(viewer, { name: 'dee', role: 'operator' })).toEqual({ change: { role: 'operator' } });
  expect(findChange(viewer, { name: '', role: 'viewer' })).toHaveProperty('problem');
});

const refuse = (appCode: string, param: string) => ({ data: { appCode, details: { param } } });

test('a refusal is told at its field', ({ expect }) => {
  expect(findRefusedField(refuse('conflict', 'email'))?.message).toBe('wrong.emailTaken');
  expect(findRefusedField(refuse('conflict', 'role'))?.message).toBe('conflict.lastOwner');
  expect(findRefusedField(refuse('invalid_request', 'password'))?.field).toBe('password');
  expect(findRefusedField(new Error('offline'))).toBeNull();
});
