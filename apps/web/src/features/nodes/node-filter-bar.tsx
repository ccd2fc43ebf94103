import type { JSX } from 'solid-js';

import { FilterChips } from '../../ui/filter-chips.tsx';
import type { FilterChip } from '../../ui/filter-chips.tsx';
import { FilterSegments, FilterSelect } from '../../ui/filters.tsx';
import type { FilterOption } from '../../ui/filters.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { NO_FILTER, PRESENCES } from './node-filter.ts';
import type { NodeFilter } from './node-filter.ts';
import { describeStatus } from './node-state.ts';
import { useNodeText } from './node-text.ts';
import type { RegionSummary } from './node-types.ts';

type BarProps = {
  filter: NodeFilter;
  regions: readonly RegionSummary[];
  choices: { types: readonly string[]; capabilities: readonly string[] };
  onChange: (filter: NodeFilter) => void;
};

/** One that is filtered by but not offered (any more) stays to be seen. */
function toOptions(known: readonly string[], chosen: string | null): FilterOption[] {
  const all = chosen === null || known.includes(chosen) ? known : [...known, chosen];
  return all.map((value) => ({ value, label: value }));
}

const CAPABILITY = 'capability:';

function Chips(props: BarProps): JSX.Element {
  const { t } = useNodeText();
  const chip = (id: string, text: string): FilterChip => ({
    id,
    text,
    removeLabel: t('filter.remove', { filter: text }),
  });
  const chips = (): FilterChip[] => {
    const { query, status, type, region, capabilities } = props.filter;
    return [
      ...(query === null ? [] : [chip('query', t('chip.query', { value: query }))]),
      ...(status === null ? [] : [chip('status', t('chip.status', { value: wordOf(status) }))]),
      ...(type === null ? [] : [chip('type', t('chip.type', { value: type }))]),
      ...(region === null ? [] : [chip('region', t('chip.region', { value: region }))]),
      ...capabilities.map((name) => chip(CAPABILITY + name, t('chip.capability', { value: name }))),
    ];
  };
  const wordOf = (status: string) => {
    if (status === 'reachable') return t('filter.reachable');
    const { message } = describeStatus(status);
    return message === null ? status : t(message);
  };
  function remove(id: string): void {
    const { capabilities } = props.filter;
    if (!id.startsWith(CAPABILITY)) return props.onChange({ ...props.filter, [id]: null });
    const left = capabilities.filter((name) => CAPABILITY + name !== id);
    props.onChange({ ...props.filter, capabilities: left });
  }
  return (
    <FilterChips
      label={t('filter.active')}
      clearLabel={t('filter.clear')}
      chips={chips()}
      onRemove={remove}
      onClear={() => props.onChange(NO_FILTER)}
    />
  );
}

function CapabilityFilter(props: BarProps): JSX.Element {
  const { t } = useNodeText();
  const left = () => props.choices.capabilities.filter((name) => !props.filter.capabilities.includes(name));
  return (
    <FilterSelect
      label={t('filter.capability')}
      allLabel={t(props.filter.capabilities.length === 0 ? 'filter.anyCapability' : 'filter.andCapability')}
      // What was chosen stands among the chips: there may be several.
      value={null}
      options={toOptions(left(), null)}
      onChange={(name) => {
        if (name === null) return;
        props.onChange({ ...props.filter, capabilities: [...props.filter.capabilities, name] });
      }}
    />
  );
}

/** Every filter lives in the address, so that a view can be sent to a colleague. */
export function NodeFilterBar(props: BarProps): JSX.Element {
  const { t } = useNodeText();
  const presence = () => PRESENCES.find((known) => known === props.filter.status) ?? null;
  const regions = () => props.regions.flatMap(({ region }) => region ?? []);
  const set = (change: Partial<NodeFilter>) => props.onChange({ ...props.filter, ...change });
  return (
    <div class="flex flex-col gap-3">
      <div class="flex flex-wrap items-center gap-3">
        <SearchField
          label={t('filter.search')}
          placeholder={t('filter.searchPlaceholder')}
          value={props.filter.query ?? ''}
          onSearch={(text) => set({ query: text === '' ? null : text })}
        />
        <FilterSegments
          name="node-status"
          label={t('filter.status')}
          allLabel={t('filter.all')}
          value={presence()}
          options={PRESENCES.map((value) => ({ value, label: t(`filter.${value}`) }))}
          onChange={(status) => set({ status })}
        />
        <div class="grid w-full grid-cols-1 gap-3 min-[360px]:grid-cols-2 sm:flex sm:w-auto sm:flex-wrap">
          <FilterSelect
            label={t('filter.type')}
            allLabel={t('filter.allTypes')}
            value={props.filter.type}
            options={toOptions(props.choices.types, props.filter.type)}
            onChange={(type) => set({ type })}
          />
          <FilterSelect
            label={t('filter.region')}
            allLabel={t('filter.allRegions')}
            value={props.filter.region}
            options={toOptions(regions(), props.filter.region)}
            onChange={(region) => set({ region })}
          />
          <CapabilityFilter {...props} />
        </div>
      </div>
      <Chips {...props} />
    </div>
  );
}
