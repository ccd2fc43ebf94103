import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { DayInput } from '../../ui/day-input.tsx';
import { FilterSegments, FilterSelect } from '../../ui/filters.tsx';
import { isFiltered, NO_FILTER } from './audit-filter.ts';
import type { AuditFilter } from './audit-filter.ts';
import { useAuditText } from './audit-text.ts';
import { AUDIT_ACTIONS, AUDIT_RESULTS } from './audit-types.ts';

type Props = { filter: AuditFilter; onChange: (filter: AuditFilter) => void };

/** Takes effect when it is left or Enter is pressed, not with every letter. */
function IdFilter(props: {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
}): JSX.Element {
  return (
    <input
      type="search"
      class="field min-w-0 flex-1 font-mono sm:w-48 sm:flex-none"
      aria-label={props.label}
      placeholder={props.label}
      value={props.value ?? ''}
      autocomplete="off"
      spellcheck={false}
      maxLength={256}
      onChange={(event) => {
        const value = event.currentTarget.value.trim();
        props.onChange(value === '' ? null : value);
      }}
    />
  );
}

const toDay = (value: string) => (value === '' ? null : value);

function Days(props: Props): JSX.Element {
  const { t } = useAuditText();
  return (
    <span class="flex w-full flex-wrap gap-3 sm:w-auto">
      <DayInput
        isLabelShown
        label={t('filter.from')}
        value={props.filter.from ?? ''}
        onChange={(from) => props.onChange({ ...props.filter, from: toDay(from) })}
      />
      <DayInput
        isLabelShown
        label={t('filter.to')}
        value={props.filter.to ?? ''}
        onChange={(to) => props.onChange({ ...props.filter, to: toDay(to) })}
      />
    </span>
  );
}

/** Every filter lives in the address, so that what was found can be sent to a colleague. */
export function AuditFilterBar(props: Props): JSX.Element {
  const { t } = useAuditText();
  /** One that this page does not know yet is kept, too. */
  const actions = () => {
    const { action } = props.filter;
    const all =
      action === null || AUDIT_ACTIONS.includes(action) ? AUDIT_ACTIONS : [...AUDIT_ACTIONS, action];
    return all.map((value) => ({ value, label: value }));
  };
  return (
    <div class="flex flex-wrap items-center gap-3">
      <FilterSegments
        name="audit-result"
        label={t('filter.result')}
        allLabel={t('filter.all')}
        value={props.filter.result}
        options={AUDIT_RESULTS.map((value) => ({ value, label: t(`result.${value}`) }))}
        onChange={(result) => props.onChange({ ...props.filter, result })}
      />
      <FilterSelect
        label={t('filter.action')}
        allLabel={t('filter.allActions')}
        value={props.filter.action}
        options={actions()}
        onChange={(action) => props.onChange({ ...props.filter, action })}
      />
      <IdFilter
        label={t('filter.actor')}
        value={props.filter.actor}
        onChange={(actor) => props.onChange({ ...props.filter, actor })}
      />
      <IdFilter
        label={t('filter.target')}
        value={props.filter.target}
        onChange={(target) => props.onChange({ ...props.filter, target })}
      />
      <Days {...props} />
      <Show when={isFiltered(props.filter)}>
        <Button variant="quiet" onClick={() => props.onChange(NO_FILTER)}>
          <X aria-hidden="true" class="size-4" />
          {t('filter.clear')}
        </Button>
      </Show>
    </div>
  );
}
