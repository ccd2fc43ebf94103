import type { ChainStatus } from './audit-types.ts';

export type BreakReason = NonNullable<ChainStatus['firstBroken']>['reason'];

/** What the server found of the chain. A long chain is followed over several questions. */
export type ChainState =
  | { kind: 'empty' }
  | { kind: 'verified'; to: number; unchained: number }
  | { kind: 'verifying'; to: number; total: number }
  | { kind: 'broken'; at: number; holdsTo: number | null; id: string | null; reason: BreakReason };

export function findChainState(status: ChainStatus): ChainState {
  const { firstBroken, verifiedTo, total, chained } = status;
  if (firstBroken !== null) {
    const { seq, id, reason } = firstBroken;
    return { kind: 'broken', at: seq, holdsTo: verifiedTo, id, reason };
  }
  if (total === 0) return { kind: 'empty' };
  const to = verifiedTo ?? 0;
  return to < total ? { kind: 'verifying', to, total } : { kind: 'verified', to, unchained: total - chained };
}
