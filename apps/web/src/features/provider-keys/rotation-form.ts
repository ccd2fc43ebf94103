import { createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { findRefusedField } from './add-form.ts';
import type { KeyMessage } from './key-text.ts';
import type { KeySummary, ProviderChoice } from './key-types.ts';
import { FIRST_ROTATION, rotate } from './rotate-steps.ts';
import type { Rotation, RotationEvent } from './rotate-steps.ts';

export type RotateDialogProps = {
  summary: KeySummary;
  provider: ProviderChoice;
  now: number;
  onClose: () => void;
  onRotated: () => void;
};

/** What is typed in. The new key is a plain variable: no signal, no cache, no DOM but its field. */
function createInputs() {
  const [problem, setProblem] = createSignal<KeyMessage | null>(null);
  const [lastFour, setLastFour] = createSignal('');
  const [name, setName] = createSignal('');
  let key = '';
  onCleanup(() => {
    key = '';
  });
  return {
    problem,
    setProblem,
    lastFour,
    name,
    setName,
    readKey: () => key,
    writeKey(next: string): void {
      key = next;
      setLastFour(next.slice(-4));
      setProblem(null);
    },
  };
}

function focusKeyField(): void {
  document.querySelector<HTMLInputElement>('#rotate-key')?.focus();
}

type Inputs = ReturnType<typeof createInputs>;
type Dispatch = (event: RotationEvent) => void;

function createRequests(props: RotateDialogProps, inputs: Inputs, rotation: Accessor<Rotation>) {
  const { client } = useApi();
  const test = createAction(() =>
    client.keys.testCandidate.mutate({ provider: props.provider.id, key: inputs.readKey() }),
  );
  const submit = createAction(async () => {
    const name = inputs.name().trim();
    const answer = await client.keys.rotate.mutate({
      id: props.summary.id,
      key: inputs.readKey(),
      overlapSeconds: rotation().overlapSeconds,
      ...(name === '' ? {} : { name }),
    });
    props.onRotated();
    return answer;
  });
  return { test, submit };
}

/** The guided rotation with its two requests. */
export function createRotation(props: RotateDialogProps) {
  const [rotation, setRotation] = createSignal<Rotation>(FIRST_ROTATION);
  const dispatch: Dispatch = (event) => setRotation((current) => rotate(current, event));
  const inputs = createInputs();
  const { test, submit } = createRequests(props, inputs, rotation);

  async function runTest(): Promise<void> {
    const result = await test.run(undefined);
    if (result !== null) dispatch({ type: 'tested', result });
  }

  return {
    rotation,
    dispatch,
    inputs,
    test,
    submit,
    runTest,
    setKey(next: string): void {
      inputs.writeKey(next);
      test.reset();
      dispatch({ type: 'tested', result: null });
    },
    next(): void {
      const { step } = rotation();
      if (step === 'key' && inputs.readKey() === '') {
        inputs.setProblem('missing.key');
        focusKeyField();
        return;
      }
      dispatch({ type: 'moved', by: 1 });
      if (step === 'key' && props.provider.canTest && rotation().test === null) void runTest();
    },
    async finish(): Promise<void> {
      await submit.run(undefined);
      const state = submit.state();
      const refused = state.status === 'failed' ? findRefusedField(state.error) : null;
      if (refused?.field !== 'key') return;
      submit.reset();
      inputs.setProblem(refused.message);
      while (rotation().step !== 'key') dispatch({ type: 'moved', by: -1 });
      focusKeyField();
    },
  };
}

export type RotationForm = ReturnType<typeof createRotation>;
