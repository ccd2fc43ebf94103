import { useQuery } from '@tanstack/solid-query';
import CircleSlash from 'lucide-solid/icons/circle-slash';
import Hourglass from 'lucide-solid/icons/hourglass';
import LogIn from 'lucide-solid/icons/log-in';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { ActionFailure } from '../../api/action-failure.tsx';
import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { NoAnswer } from '../../api/no-answer.tsx';
import { createAction } from '../../ui/action.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useCan } from '../shell/viewer.ts';
import { useNodeText } from './node-text.ts';
import type { NodeSignIn } from './node-types.ts';

const POLL_MS = 15_000;

const LOOKS: Readonly<Record<NodeSignIn['state'], { tone: Tone; icon: typeof LogIn }>> = {
  open: { tone: 'success', icon: LogIn },
  ended: { tone: 'neutral', icon: CircleSlash },
  expired: { tone: 'neutral', icon: Hourglass },
};

function createSignIns(props: { nodeId: string; onEnded: () => void }) {
  const { trpc, client } = useApi();
  const query = useQuery(() => ({
    ...trpc.nodes.listSignIns.queryOptions({ id: props.nodeId }),
    refetchInterval: POLL_MS,
  }));
  const ending = createAction((signInId: string) =>
    client.nodes.endSignIns.mutate({ id: props.nodeId, signInId }),
  );
  async function end(signInId: string): Promise<void> {
    if ((await ending.run(signInId)) !== null) props.onEnded();
  }
  return { query, data: () => findData(query), ending: ending.state, end };
}

function Row(props: { signIn: NodeSignIn; now: number; isBusy: boolean; onEnd: () => void }): JSX.Element {
  const { t, plural, format } = useNodeText();
  const can = useCan();
  const ago = (at: string) => format().relative(new Date(at), new Date(props.now));
  const label = () => truncateMiddle(props.signIn.id, 6, 4);
  return (
    <li class="flex items-center gap-3 py-2.5" data-testid="node-sign-in">
      <div class="min-w-0 flex-1">
        <p class="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Badge
            tone={LOOKS[props.signIn.state].tone}
            icon={<Dynamic component={LOOKS[props.signIn.state].icon} aria-hidden="true" />}
          >
            {t(`signIn.${props.signIn.state}`)}
          </Badge>
          <code class="font-mono text-caption text-text-3" title={props.signIn.id}>
            {label()}
          </code>
        </p>
        <p class="mt-0.5 text-caption text-text-3">
          <time datetime={props.signIn.startedAt} title={format().dateTime(new Date(props.signIn.startedAt))}>
            {t('signIn.since', { time: ago(props.signIn.startedAt) })}
          </time>
          {' · '}
          {plural('signIn.refreshes', props.signIn.refreshes)}
          <Show when={props.signIn.state === 'open'}>
            {' · '}
            {t('signIn.until', { time: ago(props.signIn.expiresAt) })}
          </Show>
        </p>
      </div>
      <Show when={props.signIn.state === 'open' && can('nodes:write')}>
        <Button
          size="compact"
          disabled={props.isBusy}
          aria-label={t('signIn.endLabel', { id: label() })}
          onClick={() => props.onEnd()}
        >
          {t('signIn.end')}
        </Button>
      </Show>
    </li>
  );
}

/** Where a node has proved its key, and what it holds from that. */
export function SignInsPanel(props: { nodeId: string; now: number; onEnded: () => void }): JSX.Element {
  const { t, plural } = useNodeText();
  const signIns = createSignIns(props);
  const minutes = () => Math.ceil((signIns.data()?.accessTokenSeconds ?? 0) / 60);
  return (
    <Panel
      title={t('signIns.title')}
      aside={
        <Show when={signIns.data()}>
          {(data) => <span class="text-table text-text-2">{plural('signIns.open', data().open)}</span>}
        </Show>
      }
    >
      <ActionFailure state={signIns.ending()} />
      <Switch fallback={<NoAnswer query={signIns.query} class="h-24 w-full" />}>
        <Match when={signIns.data()?.items.length === 0}>
          <p class="text-body text-text-2">{t('signIns.none')}</p>
        </Match>
        <Match when={signIns.data()}>
          {(data) => (
            <>
              <ul
                class="-my-2.5 flex max-h-80 flex-col divide-y divide-border overflow-y-auto scroll-quiet"
                tabindex="0"
                aria-label={t('signIns.title')}
              >
                <For each={data().items}>
                  {(signIn) => (
                    <Row
                      signIn={signIn}
                      now={props.now}
                      isBusy={signIns.ending().status === 'running'}
                      onEnd={() => void signIns.end(signIn.id)}
                    />
                  )}
                </For>
              </ul>
              <p class="text-caption text-text-3">{plural('signIns.hint', minutes())}</p>
            </>
          )}
        </Match>
      </Switch>
    </Panel>
  );
}
