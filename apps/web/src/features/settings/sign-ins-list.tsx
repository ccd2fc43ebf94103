import type { RouterOutputs } from '@ephemera/api';
import { useQuery } from '@tanstack/solid-query';
import Laptop from 'lucide-solid/icons/laptop';
import Smartphone from 'lucide-solid/icons/smartphone';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { ActionFailure } from '../../api/action-failure.tsx';
import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { NoAnswer } from '../../api/no-answer.tsx';
import { createAction } from '../../ui/action.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { createNow } from '../../ui/now.ts';
import { useAccountText } from './account-text.ts';
import { readDevice } from './user-agent.ts';

type SignIn = RouterOutputs['members']['listSignIns']['items'][number];

function createDeviceName() {
  const { t } = useAccountText();
  return (signIn: SignIn) => {
    const device = readDevice(signIn.userAgent);
    return device === null ? t('signIns.unknown') : t('signIns.on', device);
  };
}

function SignInRow(props: { signIn: SignIn; now: number; isBusy: boolean; onEnd: () => void }): JSX.Element {
  const { t, format } = useAccountText();
  const nameOf = createDeviceName();
  const name = () => nameOf(props.signIn);
  const icon = () => (/iPhone|Android/.test(props.signIn.userAgent ?? '') ? Smartphone : Laptop);
  const since = () => format().relative(new Date(props.signIn.createdAt), new Date(props.now));
  const until = () => format().relative(new Date(props.signIn.expiresAt), new Date(props.now));
  return (
    <li class="flex items-center gap-3 py-2.5" data-testid="sign-in-row">
      <Dynamic component={icon()} aria-hidden="true" class="size-5 shrink-0 text-text-3" />
      <div class="min-w-0 flex-1">
        <p class="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-body">
          <span title={props.signIn.userAgent ?? undefined}>{name()}</span>
          <Show when={props.signIn.isCurrent}>
            <Badge tone="accent">{t('signIns.current')}</Badge>
          </Show>
        </p>
        <p class="text-caption text-text-3">
          <Show when={props.signIn.ipPrefix}>
            {(network) => <span class="font-mono">{network()} · </span>}
          </Show>
          <time datetime={props.signIn.createdAt} title={format().dateTime(new Date(props.signIn.createdAt))}>
            {t('signIns.since', { time: since() })}
          </time>
          {' · '}
          {t('signIns.until', { time: until() })}
        </p>
      </div>
      <Show when={!props.signIn.isCurrent}>
        <Button
          size="compact"
          disabled={props.isBusy}
          aria-label={t('signIns.endLabel', { device: name() })}
          onClick={() => props.onEnd()}
        >
          {t('signIns.end')}
        </Button>
      </Show>
    </li>
  );
}

function createSignIns(props: { memberId?: string | undefined; onEnded: () => void }) {
  const { trpc, client } = useApi();
  const query = useQuery(() =>
    trpc.members.listSignIns.queryOptions(props.memberId === undefined ? {} : { id: props.memberId }),
  );
  const ending = createAction(async (id: string) => {
    await client.members.endSignIn.mutate({ id });
    props.onEnded();
    // Until the list is without it, none of the others can be ended.
    await query.refetch();
  });
  async function end(id: string): Promise<void> {
    if ((await ending.run(id)) === null) await query.refetch();
  }
  return { query, items: () => findData(query)?.items, ending: ending.state, end };
}

/** Where somebody is signed in, each of which can be ended. Without a member: oneself. */
export function SignInsList(props: { memberId?: string; onEnded: () => void }): JSX.Element {
  const { t } = useAccountText();
  const now = createNow(30_000);
  const signIns = createSignIns(props);
  return (
    <>
      <ActionFailure state={signIns.ending()} />
      <Switch fallback={<NoAnswer query={signIns.query} class="h-24 w-full" />}>
        <Match when={signIns.items()?.length === 0}>
          <p class="text-body text-text-2">{t('signIns.none')}</p>
        </Match>
        <Match when={signIns.items()}>
          {(items) => (
            <ul class="-my-2.5 flex flex-col divide-y divide-border">
              <For each={items()}>
                {(signIn) => (
                  <SignInRow
                    signIn={signIn}
                    now={now()}
                    isBusy={signIns.ending().status === 'running'}
                    onEnd={() => void signIns.end(signIn.id)}
                  />
                )}
              </For>
            </ul>
          )}
        </Match>
      </Switch>
    </>
  );
}
