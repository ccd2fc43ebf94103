import type { RouterOutputs } from '@ephemera/api';

export type Overview = RouterOutputs['overview']['get'];
export type MintHour = Overview['hours'][number];
export type Attention = Overview['attention'][number];
export type RecentError = Overview['recentErrors'][number];
export type BudgetUse = NonNullable<Overview['budget']>;
export type Steps = Overview['steps'];
