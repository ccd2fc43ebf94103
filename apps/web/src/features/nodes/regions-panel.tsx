import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { useNodeText } from './node-text.ts';
import type { RegionSummary } from './node-types.ts';

const SHOWN = 8;
const WIDTH = 100;

type Part = { count: number; fill: string };

/** How many of a region's nodes are in which state: the words beside it say the same. */
function ShareBar(props: { region: RegionSummary }): JSX.Element {
  const parts = (): Part[] => [
    { count: props.region.reachable, fill: 'fill-success' },
    { count: props.region.unreachable, fill: 'fill-danger' },
    { count: props.region.offline, fill: 'fill-control' },
  ];
  const before = (index: number) =>
    parts()
      .slice(0, index)
      .reduce((sum, { count }) => sum + count, 0);
  const scale = () => WIDTH / Math.max(1, props.region.total);
  return (
    <svg
      class="block h-1.5 w-full overflow-hidden rounded-full bg-muted"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <For each={parts()}>
        {(part, index) => (
          <rect
            class={part.fill}
            x={before(index()) * scale()}
            y="0"
            width={part.count * scale()}
            height="6"
          />
        )}
      </For>
    </svg>
  );
}

function Words(props: { region: RegionSummary }): JSX.Element {
  const { t, plural, format } = useNodeText();
  const troubles = () =>
    [
      props.region.unreachable > 0 ? plural('region.unreachable', props.region.unreachable) : '',
      props.region.offline > 0 ? plural('region.offline', props.region.offline) : '',
    ].filter((words) => words !== '');
  return (
    <>
      <span class="flex items-baseline justify-between gap-3">
        <span class="min-w-0 wrap-anywhere text-body font-medium max-sm:text-table">
          {props.region.region ?? t('region.none')}
        </span>
        <span class="shrink-0 font-mono text-table figures">
          <span class="sr-only">{t('region.reachable')} </span>
          {t('region.share', {
            reachable: format().integer(props.region.reachable),
            total: format().integer(props.region.total),
          })}
        </span>
      </span>
      <ShareBar region={props.region} />
      <span class="flex flex-wrap justify-between gap-x-3 text-caption text-text-2">
        <span>{troubles().length === 0 ? t('region.allReachable') : troubles().join(' · ')}</span>
        <Show when={props.region.meanLoad !== null}>
          <span class="figures">
            {t('region.load', {
              load: format().percent(Math.round((props.region.meanLoad ?? 0) * 100) / 100),
            })}
          </span>
        </Show>
      </span>
    </>
  );
}

const TILE = 'flex w-full flex-col gap-1.5 rounded-control border px-3 py-2.5 text-start';

type PanelProps = {
  regions: readonly RegionSummary[];
  chosen: string | null;
  onChoose: (region: string | null) => void;
};

function Tile(props: PanelProps & { region: RegionSummary }): JSX.Element {
  const { t } = useNodeText();
  const isChosen = () => props.region.region !== null && props.region.region === props.chosen;
  return (
    <Show
      when={props.region.region}
      fallback={
        <div class={`${TILE} border-border`}>
          <Words region={props.region} />
        </div>
      }
    >
      {(name) => (
        <button
          type="button"
          aria-pressed={isChosen()}
          title={t(isChosen() ? 'region.showAll' : 'region.only', { region: name() })}
          class={`${TILE} transition-colors hover:bg-surface ${isChosen() ? 'border-accent bg-accent-soft hover:bg-accent-soft' : 'border-border'}`}
          onClick={() => props.onChoose(isChosen() ? null : name())}
        >
          <Words region={props.region} />
        </button>
      )}
    </Show>
  );
}

/** Where the nodes are and how many of them can be reached; a region chosen here filters the list. */
export function RegionsPanel(props: PanelProps): JSX.Element {
  const { t, plural } = useNodeText();
  const [isWhole, setIsWhole] = createSignal(false);
  const sorted = () => props.regions.toSorted((a, b) => b.total - a.total);
  const shown = () => (isWhole() ? sorted() : sorted().slice(0, SHOWN));
  const more = () => sorted().length - shown().length;
  const sum = (part: 'reachable' | 'total') => props.regions.reduce((all, region) => all + region[part], 0);
  return (
    <Show when={props.regions.length > 0}>
      <section class="flex flex-col gap-2.5" aria-label={t('regions')}>
        <div class="flex flex-wrap items-baseline justify-between gap-x-4">
          <h2 class="text-body font-semibold">{t('regions')}</h2>
          <p class="text-table text-text-2 figures">
            {t('regions.sum', { reachable: String(sum('reachable')), total: String(sum('total')) })}
          </p>
        </div>
        <ul class="grid grid-cols-1 gap-2.5 min-[360px]:grid-cols-2 lg:grid-cols-4">
          <For each={shown()}>
            {(region) => (
              <li class="flex">
                <Tile {...props} region={region} />
              </li>
            )}
          </For>
        </ul>
        <Show when={more() > 0}>
          <div>
            <Button size="compact" variant="quiet" onClick={() => setIsWhole(true)}>
              {plural('regions.more', more())}
            </Button>
          </div>
        </Show>
      </section>
    </Show>
  );
}
