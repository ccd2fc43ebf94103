import FunnelX from 'lucide-solid/icons/funnel-x';
import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from './button.tsx';
import type { RegionState } from './region-state.ts';
import { EmptyState, ErrorState } from './states.tsx';
import type { ShownError } from './states.tsx';

type DataRegionProps = {
  label: string;
  state: RegionState;
  /** The data are several cards below each other, instead of one list in one card. */
  isStack?: boolean;
  /** What is shown is old, or about to be replaced. */
  isDimmed: boolean;
  loading: JSX.Element;
  error: ShownError;
  emptyFirst: JSX.Element;
  emptyFiltered: JSX.Element;
  onRetry: () => void;
  children: JSX.Element;
};

const LAYOUT = { card: 'card overflow-hidden', stack: 'flex flex-col gap-5' } as const;

/** A card with one list in it, in each of the five states a list can be in. Only the state's own part is built. */
export function DataRegion(props: DataRegionProps): JSX.Element {
  const isCard = () => props.isStack !== true || (props.state !== 'data' && props.state !== 'loading');
  return (
    <section
      class={`transition-opacity ${LAYOUT[isCard() ? 'card' : 'stack']} ${props.isDimmed ? 'opacity-60' : ''}`}
      aria-label={props.label}
      aria-busy={props.state === 'loading'}
    >
      <Switch>
        <Match when={props.state === 'loading'}>{props.loading}</Match>
        <Match when={props.state === 'error'}>
          <ErrorState error={props.error} onRetry={props.onRetry} />
        </Match>
        <Match when={props.state === 'empty-first'}>{props.emptyFirst}</Match>
        <Match when={props.state === 'empty-filtered'}>{props.emptyFiltered}</Match>
        <Match when={props.state === 'data'}>{props.children}</Match>
      </Switch>
    </section>
  );
}

/** There is data, but the filter lets none of it through. */
export function EmptyFiltered(props: {
  title: string;
  text: string;
  clearLabel: string;
  onClear: () => void;
}): JSX.Element {
  return (
    <EmptyState
      icon={<FunnelX aria-hidden="true" />}
      title={props.title}
      text={props.text}
      action={<Button onClick={() => props.onClear()}>{props.clearLabel}</Button>}
    />
  );
}
