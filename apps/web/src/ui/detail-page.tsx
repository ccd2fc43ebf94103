import { Match, Show, Switch } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

import { BackLink } from './back-link.tsx';
import { DetailFailure } from './detail-failure.tsx';
import { Loading } from './loading.tsx';
import { PageHeader } from './page.tsx';
import { Skeleton } from './skeleton.tsx';
import { StaleNotice } from './stale-notice.tsx';
import type { ShownError } from './states.tsx';

/** In the shape of most such pages: facts across, and what belongs to them below. */
export function LoadingDetail(): JSX.Element {
  return (
    <Loading>
      <Skeleton class="h-36 w-full" />
      <Skeleton class="h-64 w-full" />
    </Loading>
  );
}

type DetailPageProps<T> = {
  /** What the page is about; its heading until the name is known. */
  title: string;
  name: string | undefined;
  backHref: string;
  backLabel: string;
  data: T | undefined;
  failure: { error: ShownError; isMissing: boolean } | null;
  onRetry: () => void;
  /** Below the name. */
  after?: (data: Accessor<T>) => JSX.Element;
  actions: (data: Accessor<T>) => JSX.Element;
  /** What became of an action, above everything else. */
  notice?: JSX.Element;
  loading: JSX.Element;
  children: (data: Accessor<T>) => JSX.Element;
};

/** The page of one thing: its name, what can be done with it, and what is known of it, in every state it can be in. */
export function DetailPage<T>(props: DetailPageProps<T>): JSX.Element {
  const isStale = () => props.failure !== null && props.data !== undefined;
  return (
    <div class="flex flex-col gap-5">
      <PageHeader
        title={props.name ?? props.title}
        documentTitle={props.title}
        before={<BackLink href={props.backHref}>{props.backLabel}</BackLink>}
        after={<Show when={props.data}>{(data) => props.after?.(data)}</Show>}
      >
        <Show when={props.data}>{(data) => props.actions(data)}</Show>
      </PageHeader>
      {props.notice}
      <Show when={isStale()}>
        <StaleNotice onRetry={props.onRetry} />
      </Show>
      <Switch>
        <Match when={props.data}>
          {(data) => (
            <div class={`flex flex-col gap-4 transition-opacity ${isStale() ? 'opacity-60' : ''}`}>
              {props.children(data)}
            </div>
          )}
        </Match>
        <Match when={props.failure}>
          {(failure) => (
            <DetailFailure
              error={failure().error}
              isMissing={failure().isMissing}
              backHref={props.backHref}
              backLabel={props.backLabel}
              onRetry={props.onRetry}
            />
          )}
        </Match>
        <Match when={props.failure === null}>{props.loading}</Match>
      </Switch>
    </div>
  );
}
