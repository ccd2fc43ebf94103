export type ShareTone = 'quiet' | 'warning' | 'danger';

const WARNING_SHARE = 0.02;
const DANGER_SHARE = 0.2;

/** Part of the requests that failed; `null` when there were none, which is not zero. */
export function findErrorShare(uses: number, errors: number): number | null {
  return uses <= 0 ? null : Math.min(1, errors / uses);
}

export function findShareTone(share: number | null): ShareTone {
  if (share === null || share < WARNING_SHARE) return 'quiet';
  return share < DANGER_SHARE ? 'warning' : 'danger';
}
