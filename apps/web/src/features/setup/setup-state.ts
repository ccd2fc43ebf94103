import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import { findLock } from '../settings/lock.ts';
import type { Lock } from '../settings/lock.ts';
import type { SetupInput } from './setup-client.ts';
import { findSetupFailure, findSetupProblem } from './setup-form.ts';
import type { SetupField, SetupProblem } from './setup-form.ts';

export type SetupState =
  | { status: 'ready' }
  | { status: 'wrong'; problem: SetupProblem }
  | { status: 'sending' }
  | { status: 'locked'; lock: Lock }
  | { status: 'failed'; error: unknown };

export type SetupFormModel = {
  state: Accessor<SetupState>;
  input: () => SetupInput;
  patch: (change: Partial<SetupInput>) => void;
  submit: (element: HTMLFormElement) => Promise<void>;
};

function focusField(element: HTMLFormElement, field: SetupField): void {
  element.querySelector<HTMLInputElement>(`#setup-${field}`)?.focus();
}

const EMPTY: SetupInput = { token: '', name: '', email: '', password: '' };

/** The form of the first run. `onDone`: somebody else was faster. */
export function createSetupForm(options: {
  send: (input: SetupInput) => Promise<void>;
  onDone: () => void;
}): SetupFormModel {
  const [state, setState] = createSignal<SetupState>({ status: 'ready' });
  let input = EMPTY;

  function point(problem: SetupProblem, element: HTMLFormElement): void {
    setState({ status: 'wrong', problem });
    focusField(element, problem.field);
  }

  function fail(error: unknown, element: HTMLFormElement): void {
    const lock = findLock(error, Date.now());
    if (lock !== null) {
      setState({ status: 'locked', lock });
      return;
    }
    const failure = findSetupFailure(error);
    if (failure.kind === 'done') options.onDone();
    else if (failure.kind === 'field') point(failure.problem, element);
    else setState({ status: 'failed', error: failure.error });
  }

  return {
    state,
    input: () => input,
    patch(change) {
      input = { ...input, ...change };
      if (state().status === 'wrong') setState({ status: 'ready' });
    },
    async submit(element) {
      const problem = findSetupProblem(input);
      if (problem !== null) {
        point(problem, element);
        return;
      }
      setState({ status: 'sending' });
      const sent = {
        ...input,
        token: input.token.trim(),
        name: input.name.trim(),
        email: input.email.trim(),
      };
      await options.send(sent).catch((error: unknown) => fail(error, element));
    },
  };
}
