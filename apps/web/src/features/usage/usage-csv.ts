import { writeCsv } from '../../ui/csv.ts';
import type { UsageSeries, UsageSums } from './usage-types.ts';

const HEAD = [
  'start',
  'group_id',
  'group',
  'sessions',
  'failed',
  'seconds',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'known_usd',
  'estimated_usd',
  'unknown_costs',
] as const;

/** Six digits, which is all that a micro-dollar has; never in the form `1e-7`. */
const toUsd = (microUsd: number) => (microUsd / 1_000_000).toFixed(6);

function listCells(sums: UsageSums): string[] {
  return [
    ...[sums.sessions, sums.failed, sums.seconds, sums.inputTokens, sums.cachedTokens, sums.outputTokens].map(
      String,
    ),
    toUsd(sums.knownMicroUsd),
    toUsd(sums.estimatedMicroUsd),
    String(sums.unknownCosts),
  ];
}

/** Every number that the page has, a line for each bar and group: for a spreadsheet, so in no language of its own. */
export function createUsageCsv(series: Pick<UsageSeries, 'buckets' | 'groups'>): string {
  const lines = series.buckets.flatMap((start, index) =>
    series.groups.flatMap(({ id, label, rows }) => {
      const sums = rows[index];
      return sums === undefined ? [] : [[start, id, label, ...listCells(sums)]];
    }),
  );
  return writeCsv([[...HEAD], ...lines]);
}
