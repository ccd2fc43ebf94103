import { createMemo } from 'solid-js';

import type { Formatters } from '../../i18n/format.ts';
import { toUserHref } from '../users/user-href.ts';
import type { ShownUsage } from './usage-query.ts';
import { useUsageText } from './usage-text.ts';
import type { Grouping, Interval, Metric } from './usage-types.ts';

type TimeWords = Readonly<Record<Interval, Intl.DateTimeFormatOptions>>;

const LONG: TimeWords = {
  hour: { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  day: { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'long' },
};
const SHORT: TimeWords = {
  hour: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  day: { month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'short' },
};

/** How the beginning of a bar reads in the zone whose days are shown. */
export function createBarNames(shown: () => Pick<ShownUsage, 'interval' | 'timeZone'>) {
  const { locale } = useUsageText();
  const formats = createMemo(() => {
    const { interval, timeZone } = shown();
    const create = (words: TimeWords) => new Intl.DateTimeFormat(locale(), { ...words[interval], timeZone });
    return { long: create(LONG), short: create(SHORT) };
  });
  return {
    nameOf: (start: string) => formats().long.format(new Date(start)),
    shortNameOf: (start: string) => formats().short.format(new Date(start)),
  };
}

/** The words for what has no name of its own. */
export function createGroupNames(group: () => Grouping) {
  const { t } = useUsageText();
  return ({ id, label }: { id: string; label: string }): string => {
    if (id === 'other') return t('label.other');
    if (id === 'none') return t(`label.none.${group()}`);
    return id === 'all' ? t('label.none.none') : label;
  };
}

const GROUP_PAGES: Readonly<Partial<Record<Grouping, (id: string) => string>>> = {
  user: toUserHref,
  access_key: (id) => `/access-keys/${encodeURIComponent(id)}`,
  provider_key: (id) => `/provider-keys/${encodeURIComponent(id)}`,
};
const NO_PAGE: ReadonlySet<string> = new Set(['none', 'other', 'all']);

/** Where a row's user or key has a page of its own. */
export function findGroupHref(group: Grouping, id: string): string | null {
  return NO_PAGE.has(id) ? null : (GROUP_PAGES[group]?.(id) ?? null);
}

/** A value of the chart: money is in micro-dollars there. */
export function formatMetric(metric: Metric, value: number, format: Formatters): string {
  if (metric === 'cost') return format.usd(value / 1_000_000);
  return metric === 'minutes' ? format.decimal(value) : format.integer(value);
}

/** The same with no more digits than an axis has room for. */
export function formatTick(metric: Metric, value: number, format: Formatters): string {
  return metric === 'cost' ? format.usd(value / 1_000_000) : format.compact(value);
}
