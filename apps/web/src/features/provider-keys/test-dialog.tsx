import { onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { KeyStateCell } from './key-badge.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';
import { TestOutcome } from './test-outcome.tsx';

/** One request with the stored key, and what the pool made of its answer. */
export function TestDialog(props: {
  summary: KeySummary;
  now: number;
  onClose: () => void;
  onTested: () => void;
}): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const { client } = useApi();
  const test = createAction(async (id: string) => {
    const answer = await client.keys.test.mutate({ id });
    props.onTested();
    return answer;
  });
  onMount(() => void test.run(props.summary.id));
  const answer = () => {
    const state = test.state();
    return state.status === 'done' ? state.value : null;
  };
  const outcome = () => {
    const state = test.state();
    return state.status === 'done' ? ({ status: 'done', value: state.value.test } as const) : state;
  };
  return (
    <Dialog title={t('test.title', { name: props.summary.name })} onClose={props.onClose}>
      <DialogBody>
        <TestOutcome state={outcome()} />
        <Show when={answer()}>
          {(done) => (
            <div class="flex flex-col gap-1">
              <p class="text-caption text-text-3">{t('test.stateNow')}</p>
              <KeyStateCell state={done().key} now={props.now} />
            </div>
          )}
        </Show>
      </DialogBody>
      <DialogFooter>
        <Button disabled={test.state().status === 'running'} onClick={() => void test.run(props.summary.id)}>
          {t('test.again')}
        </Button>
        <Button variant="primary" onClick={() => props.onClose()}>
          {i18n.t('action.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
