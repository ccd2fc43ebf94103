import { createSignal, onCleanup } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import type { Action } from '../../ui/action.ts';
import { findAddProblem, findRefusedField, toAddRequest } from './add-form.ts';
import type { AddField, AddInput, AddProblem } from './add-form.ts';
import type { KeySummary, ProviderChoice } from './key-types.ts';

export type AddDialogProps = {
  providers: readonly ProviderChoice[];
  /** Limit domains that are in use already, to choose from. */
  domains: readonly string[];
  onClose: () => void;
  onAdded: (key: KeySummary) => void;
};

function readText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

function readFields(form: HTMLFormElement): Pick<AddInput, 'name' | 'limitDomain' | 'weight'> {
  return {
    name: readText(form, 'name'),
    limitDomain: readText(form, 'limitDomain'),
    weight: readText(form, 'weight'),
  };
}

function focusField(form: HTMLFormElement, field: AddField): void {
  form.querySelector<HTMLInputElement>(`#add-${field}`)?.focus();
}

/** The field that a request was refused for; the refusal is then told there and nowhere else. */
function takeRefusal(action: Action<never, unknown>): AddProblem | null {
  const state = action.state();
  const refused = state.status === 'failed' ? findRefusedField(state.error) : null;
  if (refused !== null) action.reset();
  return refused;
}

/** The form's state. The key is a plain variable, gone with the dialog: no signal, no cache, no DOM but its field. */
export function createAddForm(props: AddDialogProps) {
  const { client } = useApi();
  const [provider, setProvider] = createSignal(props.providers[0]?.id ?? '');
  const [problem, setProblem] = createSignal<AddProblem | null>(null);
  const test = createAction((key: string) => client.keys.testCandidate.mutate({ provider: provider(), key }));
  const add = createAction((input: AddInput) => client.keys.add.mutate(toAddRequest(input)));
  let key = '';
  onCleanup(() => {
    key = '';
  });

  function point(found: AddProblem | null, form: HTMLFormElement): void {
    setProblem(found);
    if (found !== null) focusField(form, found.field);
  }

  function touch(): void {
    setProblem(null);
    test.reset();
  }

  async function send(input: AddInput, form: HTMLFormElement): Promise<void> {
    const added = await add.run(input);
    if (added === null) point(takeRefusal(add), form);
    else props.onAdded(added.key);
  }

  return {
    provider,
    problem,
    test,
    add,
    choose(next: string): void {
      setProvider(next);
      touch();
    },
    setKey(next: string): void {
      key = next;
      touch();
    },
    async runTest(form: HTMLFormElement): Promise<void> {
      if (key === '') {
        point({ field: 'key', message: 'missing.key' }, form);
        return;
      }
      await test.run(key);
      point(takeRefusal(test), form);
    },
    submit(form: HTMLFormElement): void {
      const input = { provider: provider(), key, ...readFields(form) };
      const found = findAddProblem(input);
      if (found !== null) {
        point(found, form);
        return;
      }
      setProblem(null);
      void send(input, form);
    },
  };
}

export type AddForm = ReturnType<typeof createAddForm>;
