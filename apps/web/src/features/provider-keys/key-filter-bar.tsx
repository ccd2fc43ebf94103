import { createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';

import { Select } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { countByState } from './key-filter.ts';
import type { KeyFilter } from './key-filter.ts';
import { useKeyText } from './key-text.ts';
import { KEY_STATES, parseKeyState } from './key-types.ts';
import type { KeySummary, ProviderChoice } from './key-types.ts';

type FilterBarProps = {
  filter: KeyFilter;
  keys: readonly KeySummary[];
  providers: readonly ProviderChoice[];
  onChange: (filter: KeyFilter) => void;
};

function ProviderFilter(props: FilterBarProps): JSX.Element {
  const { t } = useKeyText();
  const id = createUniqueId();
  /** Those with keys, and the one that the address asks for. */
  const offered = () =>
    props.providers.filter(
      (provider) =>
        provider.id === props.filter.provider || props.keys.some((key) => key.provider === provider.id),
    );
  return (
    <div class="w-full sm:w-48">
      <label for={id} class="sr-only">
        {t('filter.provider')}
      </label>
      <Select
        id={id}
        onChange={(event) => {
          const provider = event.currentTarget.value;
          props.onChange({ ...props.filter, provider: provider === '' ? null : provider });
        }}
      >
        <option value="" selected={props.filter.provider === null}>
          {t('filter.allProviders')}
        </option>
        <For each={offered()}>
          {(provider) => (
            <option value={provider.id} selected={provider.id === props.filter.provider}>
              {provider.name}
            </option>
          )}
        </For>
      </Select>
    </div>
  );
}

const withCount = (text: string, count: number) => (count === 0 ? text : `${text} ${count}`);

/** Both filters live in the address, so that a view can be sent to a colleague. */
export function KeyFilterBar(props: FilterBarProps): JSX.Element {
  const { t } = useKeyText();
  const counts = () => countByState(props.keys, props.filter.provider);
  const total = () => [...counts().values()].reduce((sum, count) => sum + count, 0);
  const segments = () => [
    { value: 'all' as const, label: withCount(t('filter.all'), total()) },
    ...KEY_STATES.map((value) => ({
      value,
      label: withCount(t(`state.${value}`), counts().get(value) ?? 0),
    })),
  ];
  return (
    <div class="flex flex-wrap items-center gap-3">
      <ProviderFilter {...props} />
      <div class="max-w-full overflow-x-auto scroll-quiet">
        <Segmented
          name="key-state"
          isCompact
          label={t('filter.label')}
          value={props.filter.state ?? 'all'}
          segments={segments()}
          onChange={(value) => props.onChange({ ...props.filter, state: parseKeyState(value) })}
        />
      </div>
    </div>
  );
}
