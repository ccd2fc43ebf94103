/** What the runner asks of the load generator, and what it gets back. */
export type LoadOrder = {
  port: number;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  /** Not sent with a GET. */
  body: string;
  connections: number;
  durationMs: number;
  /** Keeps the body of every 200, for the check that nothing acknowledged was lost. */
  keepBodies: boolean;
  /** Every request has another wrong signature on its token, and must be refused. */
  forgesToken?: boolean;
  /** Of all connections together, as far as answers come in time; as fast as they come without it. */
  perSecond?: number;
};

export type LoadResult = {
  /** Answers with the wanted status, those after the time was up included: nothing in flight is abandoned. */
  answered: number;
  /** Those within the time, per second. */
  perSecond: number;
  p50Us: number;
  p99Us: number;
  /** Anything but the wanted status: its status, or the reason why a connection ended, and how often. */
  failures: Record<string, number>;
  /** The first body that came with another status. */
  firstFailure: string | null;
  bodies: string[];
};

export type LoadReply = { kind: 'done'; result: LoadResult } | { kind: 'error'; message: string };
