import type { RouterInputs, RouterOutputs } from '@ephemera/api';

export type UsageInput = RouterInputs['usage']['series'];
export type UsageSeries = RouterOutputs['usage']['series'];
export type UsageGroup = UsageSeries['groups'][number];
export type UsageSums = UsageSeries['totals'];

export type Interval = UsageInput['interval'];

export const GROUPINGS = [
  'none',
  'model',
  'user',
  'access_key',
  'provider_key',
] as const satisfies readonly UsageInput['groupBy'][];
export type Grouping = (typeof GROUPINGS)[number];

export const METRICS = ['cost', 'sessions', 'minutes', 'tokens'] as const;
export type Metric = (typeof METRICS)[number];
