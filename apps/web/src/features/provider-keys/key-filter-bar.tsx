import type { JSX } from 'solid-js';

import { FilterSegments, FilterSelect, withCount } from '../../ui/filters.tsx';
import { countByState } from './key-filter.ts';
import type { KeyFilter } from './key-filter.ts';
import { useKeyText } from './key-text.ts';
import { KEY_STATES } from './key-types.ts';
import type { KeySummary, ProviderChoice } from './key-types.ts';

type FilterBarProps = {
  filter: KeyFilter;
  keys: readonly KeySummary[];
  providers: readonly ProviderChoice[];
  onChange: (filter: KeyFilter) => void;
};

/** Both filters live in the address, so that a view can be sent to a colleague. */
export function KeyFilterBar(props: FilterBarProps): JSX.Element {
  const { t } = useKeyText();
  /** Those with keys, and the one that the address asks for. */
  const providers = () =>
    props.providers.filter(
      ({ id }) => id === props.filter.provider || props.keys.some((key) => key.provider === id),
    );
  const counts = () => countByState(props.keys, props.filter.provider);
  const total = () => [...counts().values()].reduce((sum, count) => sum + count, 0);
  return (
    <div class="flex flex-wrap items-center gap-3">
      <FilterSelect
        label={t('filter.provider')}
        allLabel={t('filter.allProviders')}
        value={props.filter.provider}
        options={providers().map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(provider) => props.onChange({ ...props.filter, provider })}
      />
      <FilterSegments
        name="key-state"
        label={t('filter.label')}
        allLabel={withCount(t('filter.all'), total())}
        value={props.filter.state}
        options={KEY_STATES.map((value) => ({
          value,
          label: withCount(t(`state.${value}`), counts().get(value) ?? 0),
        }))}
        onChange={(state) => props.onChange({ ...props.filter, state })}
      />
    </div>
  );
}
