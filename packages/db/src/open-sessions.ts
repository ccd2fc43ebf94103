/** A call lasts an hour at most; a session that says it is connected for longer lost its end. */
const LONGEST_MS = 2 * 3_600_000;

/**
 * Which rows of `sessions` are conversations that run at `nowMs`, a parameter of unix milliseconds. A secret that nobody
 * has used yet is none.
 */
export function isOpenSession(nowMs: string): string {
  return `sessions.state = 'connected' and sessions.connected_at > ${nowMs} - ${LONGEST_MS}`;
}
