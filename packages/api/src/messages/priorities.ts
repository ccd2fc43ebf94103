/** In the order in which they are handed out; a row holds the place in this list. */
export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;

export type MessagePriority = (typeof PRIORITIES)[number];

export function toRank(priority: MessagePriority): number {
  return PRIORITIES.indexOf(priority);
}

export function fromRank(rank: number): MessagePriority {
  return PRIORITIES[rank] ?? 'normal';
}
