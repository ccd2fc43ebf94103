import type { Tone } from '../../ui/badge.tsx';
import type { NodeMessage } from './node-text.ts';
import type { NodeSummary } from './node-types.ts';

/** What it looks like, from good to gone. */
export type Look = 'good' | 'busy' | 'new' | 'other' | 'lost' | 'gone';

type StatusView = { look: Look; tone: Tone; message: NodeMessage | null };

const TONES: Readonly<Record<Look, Tone>> = {
  good: 'success',
  busy: 'warning',
  new: 'accent',
  other: 'accent',
  lost: 'danger',
  gone: 'neutral',
};

/** A node may say what it likes of itself; these words are common, and the last two are the server's own. */
const KNOWN: Readonly<Record<string, { look: Look; message: NodeMessage }>> = {
  active: { look: 'good', message: 'status.active' },
  healthy: { look: 'good', message: 'status.healthy' },
  online: { look: 'good', message: 'status.online' },
  ready: { look: 'good', message: 'status.ready' },
  busy: { look: 'busy', message: 'status.busy' },
  degraded: { look: 'busy', message: 'status.degraded' },
  draining: { look: 'busy', message: 'status.draining' },
  maintenance: { look: 'busy', message: 'status.maintenance' },
  registered: { look: 'new', message: 'status.registered' },
  unreachable: { look: 'lost', message: 'status.unreachable' },
  offline: { look: 'gone', message: 'status.offline' },
};

export function describeStatus(status: string): StatusView {
  const known = KNOWN[status.toLowerCase()];
  const look = known?.look ?? 'other';
  return { look, tone: TONES[look], message: known?.message ?? null };
}

export function isReachable(status: string): boolean {
  const { look } = describeStatus(status);
  return look !== 'lost' && look !== 'gone';
}

/** What stands for a demonstration says so itself. */
export function isDemo(node: Pick<NodeSummary, 'metadata'>): boolean {
  return node.metadata['demo'] === true;
}

export function versionOf(node: Pick<NodeSummary, 'metadata'>): string | null {
  const { version } = node.metadata;
  return typeof version === 'string' || typeof version === 'number' ? String(version) : null;
}

/** `ab12 cd34 …`: how people compare a fingerprint, by eye or aloud. */
export function groupFingerprint(hex: string): string {
  return (hex.match(/.{1,4}/g) ?? []).join(' ');
}

/** Seconds since the last sign of life; `null` before the first one, never below zero. */
export function findSilence(lastSeenAt: string | null, now: number): number | null {
  return lastSeenAt === null ? null : Math.max(0, (now - Date.parse(lastSeenAt)) / 1_000);
}
