import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import { createAction } from '../../ui/action.ts';
import type { Action } from '../../ui/action.ts';
import { findFormProblem, findRefusedField, FOLDED } from './key-form.ts';
import type { FormField, FormProblem, KeyForm } from './key-form.ts';

export type KeyFormState = {
  form: Accessor<KeyForm>;
  patch: (change: Partial<KeyForm>) => void;
  problem: Accessor<FormProblem | null>;
  /** Whether the folded settings are to be seen: one of them may be what is wrong. */
  isUnfolded: Accessor<boolean>;
  setUnfolded: (isUnfolded: boolean) => void;
  /** Sends the form if nothing is wrong with it. */
  submit: (element: HTMLFormElement) => Promise<void>;
};

export type KeyFormOptions<T> = {
  initial: KeyForm;
  now: () => number;
  send: (form: KeyForm) => Promise<T>;
  onDone: (answer: T) => void;
};

/** What is typed, what is wrong with it, and the one request. */
export function createKeyForm<T>(options: KeyFormOptions<T>): KeyFormState & { request: Action<KeyForm, T> } {
  const [form, setForm] = createSignal(options.initial);
  const [problem, setProblem] = createSignal<FormProblem | null>(null);
  const [isUnfolded, setUnfolded] = createSignal(false);
  const request = createAction(options.send);

  function point(found: FormProblem | null, element: HTMLFormElement): void {
    setProblem(found);
    if (found === null) return;
    if (FOLDED.has(found.field)) setUnfolded(true);
    focusField(element, found.field);
  }

  /** The field that the request was refused for; it is then told there and nowhere else. */
  function takeRefusal(): FormProblem | null {
    const state = request.state();
    const refused = state.status === 'failed' ? findRefusedField(state.error) : null;
    if (refused !== null) request.reset();
    return refused;
  }

  return {
    form,
    problem,
    isUnfolded,
    setUnfolded,
    request,
    patch(change) {
      setForm({ ...form(), ...change });
      setProblem(null);
    },
    async submit(element) {
      if (request.state().status === 'running') return;
      const found = findFormProblem(form(), options.now());
      point(found, element);
      if (found !== null) return;
      const answer = await request.run(form());
      if (answer === null) point(takeRefusal(), element);
      else options.onDone(answer);
    },
  };
}

function focusField(element: HTMLFormElement, field: FormField): void {
  element.querySelector<HTMLElement>(`#key-${field}`)?.focus();
}
