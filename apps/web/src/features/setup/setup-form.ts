import { ApiError } from '../../api/api-error.ts';
import type { AccountMessage } from '../settings/account-text.ts';
import { findEmailProblem, findPasswordProblem } from '../settings/password-rules.ts';
import type { SetupInput } from './setup-client.ts';

export type SetupField = keyof SetupInput;

export type SetupProblem = { field: SetupField; message: AccountMessage };

function toProblem(field: SetupField, message: AccountMessage | null): SetupProblem[] {
  return message === null ? [] : [{ field, message }];
}

/** The first field that cannot be sent. */
export function findSetupProblem(input: SetupInput): SetupProblem | null {
  const problems = [
    ...toProblem('token', input.token.trim() === '' ? 'missing.token' : null),
    ...toProblem('name', input.name.trim() === '' ? 'missing.name' : null),
    ...toProblem('email', findEmailProblem(input.email)),
    ...toProblem('password', findPasswordProblem(input.password, input.email)),
  ];
  return problems[0] ?? null;
}

const REFUSED: Readonly<Record<string, SetupProblem>> = {
  token: { field: 'token', message: 'wrong.token' },
  name: { field: 'name', message: 'wrong.name' },
  email: { field: 'email', message: 'wrong.email' },
  password: { field: 'password', message: 'wrong.password' },
};

export type SetupFailure =
  | { kind: 'field'; problem: SetupProblem }
  /** Somebody was faster. */
  | { kind: 'done' }
  | { kind: 'failed'; error: unknown };

/** What became of a set-up that was refused. */
export function findSetupFailure(error: unknown): SetupFailure {
  if (!(error instanceof ApiError)) return { kind: 'failed', error };
  if (error.status === 409) {
    return error.param === 'email'
      ? { kind: 'field', problem: { field: 'email', message: 'wrong.emailTaken' } }
      : { kind: 'done' };
  }
  if (error.status === 401) return { kind: 'field', problem: { field: 'token', message: 'wrong.token' } };
  const problem = error.param === null ? undefined : REFUSED[error.param];
  return problem === undefined ? { kind: 'failed', error } : { kind: 'field', problem };
}
