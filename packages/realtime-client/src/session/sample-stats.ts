import { RealtimeError } from '../errors.ts';
import type { Peer } from '../peer/peer.ts';
import { readStats } from '../peer/read-stats.ts';
import type { Emitter } from './emitter.ts';
import type { ConnectionStats, SessionEvents } from './events.ts';

type StatsSample = { peer: Peer; emitter: Emitter<SessionEvents>; isOver: () => boolean };

/** Emits `stats`, or a `warning` when the platform gives none. `null` also when the call ended meanwhile. */
export async function sampleStats({ peer, emitter, isOver }: StatsSample): Promise<ConnectionStats | null> {
  try {
    const stats = readStats(await peer.connection.getStats());
    if (isOver()) return null;
    emitter.emit('stats', stats);
    return stats;
  } catch (cause) {
    if (isOver()) return null;
    const error = new RealtimeError('protocol', 'The connection gave no statistics', { cause });
    emitter.emit('warning', { code: 'stats_unavailable', error });
    return null;
  }
}
