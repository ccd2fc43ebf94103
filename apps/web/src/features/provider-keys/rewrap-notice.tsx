import CircleCheck from 'lucide-solid/icons/circle-check';
import RefreshCcw from 'lucide-solid/icons/refresh-ccw';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/states.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import { runRewrap } from './rewrap.ts';
import type { RewrapState } from './rewrap.ts';

const BATCH = 25;

function createRewrap(onMoved: () => void) {
  const { client } = useApi();
  const [state, setState] = createSignal<RewrapState>({ status: 'idle' });
  let isStopped = false;
  const stop = () => (isStopped = true);
  onCleanup(stop);
  return {
    state,
    stop,
    async start(total: number): Promise<void> {
      isStopped = false;
      await runRewrap({
        total,
        rewrap: () => client.keys.rewrap.mutate({ limit: BATCH }),
        isStopped: () => isStopped,
        onState: setState,
      }).catch((error: unknown) => setState({ status: 'broken', error }));
      onMoved();
    },
  };
}

function Progress(props: { done: number; total: number }): JSX.Element {
  const { t, format } = useKeyText();
  const text = () =>
    t('rewrap.progress', { done: format().integer(props.done), total: format().integer(props.total) });
  return (
    <div class="mt-1.5 flex items-center gap-3">
      <progress
        class="progress h-1.5 min-w-24 flex-1"
        aria-label={text()}
        value={props.done}
        max={Math.max(1, props.total)}
      />
      <span class="figures">{text()}</span>
    </div>
  );
}

/** Keys under an older version of the keyring, and the job that moves them; it can be stopped and goes on where it was. */
export function RewrapNotice(props: { pending: number; onMoved: () => void }): JSX.Element {
  const { t, plural } = useKeyText();
  const job = createRewrap(() => props.onMoved());
  const running = () => {
    const state = job.state();
    return state.status === 'running' ? state : null;
  };
  const finished = () => {
    const state = job.state();
    return state.status === 'finished' ? state : null;
  };
  const broken = () => {
    const state = job.state();
    return state.status === 'broken' ? state : null;
  };
  return (
    <div aria-live="polite" class="not-has-[*]:-mt-5">
      <Switch>
        <Match when={finished()?.failed === 0 && props.pending === 0}>
          <Notice tone="success" icon={<CircleCheck aria-hidden="true" />}>
            {t('rewrap.done')}
          </Notice>
        </Match>
        <Match when={props.pending > 0 || running() !== null}>
          <Notice
            tone="warning"
            icon={<TriangleAlert aria-hidden="true" />}
            action={
              <Show
                when={running()}
                fallback={
                  <Button size="compact" onClick={() => void job.start(props.pending)}>
                    <RefreshCcw aria-hidden="true" class="size-3.5" />
                    {t('rewrap.start')}
                  </Button>
                }
              >
                <Button size="compact" onClick={job.stop}>
                  {t('rewrap.stop')}
                </Button>
              </Show>
            }
          >
            <p class="font-medium">{plural('rewrap.pending', props.pending)}</p>
            <Show when={running()} fallback={<p>{t('rewrap.why')}</p>}>
              {(state) => <Progress done={state().done} total={state().total} />}
            </Show>
            <Show when={finished()?.failed}>{(count) => <p>{plural('rewrap.failed', count())}</p>}</Show>
          </Notice>
        </Match>
      </Switch>
      <Show when={broken()}>{(state) => <KeyErrorNotice error={state().error} />}</Show>
    </div>
  );
}
