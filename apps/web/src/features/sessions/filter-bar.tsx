import ListFilter from 'lucide-solid/icons/list-filter';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import type { Formatters } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import type { FilterChip } from '../../ui/filter-chips.tsx';
import { FilterSegments } from '../../ui/filters.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { createFilterChoices, nameOf } from './filter-choices.ts';
import type { FilterChoices } from './filter-choices.ts';
import { listActive, NO_FILTER } from './session-filter.ts';
import type { FilterName, SessionFilter } from './session-filter.ts';
import { useSessionText } from './session-text.ts';
import { STATE_CHOICES } from './session-types.ts';

const FilterDialog = lazy(async () => ({ default: (await import('./filter-dialog.tsx')).FilterDialog }));

type Text = ReturnType<typeof useSessionText>;

/** What a set filter says; `state` has its segments, and a chip besides, so that all of them stand in one line. */
function describeFilter(name: FilterName, filter: SessionFilter, { t, choices, format }: Describing): string {
  const time = (iso: string | null) => (iso === null ? '' : format.dateTimeShort(new Date(iso)));
  const words: Readonly<Record<FilterName, () => string>> = {
    state: () =>
      t('chip.state', {
        value: t(filter.state === 'open' ? 'filter.open' : `state.${filter.state ?? 'issued'}`),
      }),
    model: () => t('chip.model', { value: filter.model ?? '' }),
    user: () => t('chip.user', { value: filter.user ?? '' }),
    accessKey: () => t('chip.accessKey', { value: nameOf(choices.accessKeys(), filter.accessKey ?? '') }),
    providerKey: () =>
      t('chip.providerKey', { value: nameOf(choices.providerKeys(), filter.providerKey ?? '') }),
    transport: () => t('chip.transport', { value: t(`transport.${filter.transport ?? 'webrtc'}`) }),
    minCostMicroUsd: () => t('chip.cost', { value: format.usd((filter.minCostMicroUsd ?? 0) / 1_000_000) }),
    minSeconds: () => t('chip.duration', { value: format.duration(filter.minSeconds ?? 0) }),
    from: () => t('chip.from', { value: time(filter.from) }),
    to: () => t('chip.to', { value: time(filter.to) }),
    query: () => t('chip.query', { value: filter.query ?? '' }),
  };
  return words[name]();
}

type Describing = { t: Text['t']; choices: FilterChoices; format: Formatters };

type FilterBarProps = { filter: SessionFilter; onChange: (filter: SessionFilter) => void };

function Chips(props: FilterBarProps & { choices: FilterChoices }): JSX.Element {
  const { t, format } = useSessionText();
  const chips = (): FilterChip[] =>
    listActive(props.filter).map((name) => {
      const text = describeFilter(name, props.filter, { t, choices: props.choices, format: format() });
      return { id: name, text, removeLabel: t('filter.remove', { filter: text }) };
    });
  return (
    <FilterChips
      label={t('filter.active')}
      clearLabel={t('filter.clear')}
      chips={chips()}
      onRemove={(name) => props.onChange({ ...props.filter, [name]: null })}
      onClear={() => props.onChange(NO_FILTER)}
    />
  );
}

/** Every filter lives in the address, so that a view can be sent to a colleague. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  const { t } = useSessionText();
  const [isOpen, setIsOpen] = createSignal(false);
  const needsNames = () => props.filter.accessKey !== null || props.filter.providerKey !== null;
  const choices = createFilterChoices(() => isOpen() || needsNames());
  return (
    <div class="flex flex-col gap-3">
      <div class="flex flex-wrap items-center gap-3">
        <FilterSegments
          name="session-state"
          label={t('filter.state')}
          allLabel={t('filter.all')}
          value={props.filter.state}
          options={STATE_CHOICES.map((value) => ({
            value,
            label: t(value === 'open' ? 'filter.open' : `state.${value}`),
          }))}
          onChange={(state) => props.onChange({ ...props.filter, state })}
        />
        <SearchField
          label={t('filter.search')}
          placeholder={t('filter.searchPlaceholder')}
          value={props.filter.query ?? ''}
          onSearch={(text) => props.onChange({ ...props.filter, query: text === '' ? null : text })}
        />
        <Button data-shortcut="filter" onClick={() => setIsOpen(true)}>
          <ListFilter aria-hidden="true" class="size-4" />
          {t('filter.more')}
        </Button>
      </div>
      <Chips {...props} choices={choices} />
      <Show when={isOpen()}>
        <Suspense>
          <FilterDialog
            filter={props.filter}
            choices={choices}
            onClose={() => setIsOpen(false)}
            onApply={(filter) => {
              setIsOpen(false);
              props.onChange(filter);
            }}
          />
        </Suspense>
      </Show>
    </div>
  );
}
