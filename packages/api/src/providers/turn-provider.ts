export type IceServer = { urls: string[]; username?: string; credential?: string };

type TurnRequest = { turnUser: string; ttlSeconds: number; nowMs: number; signal: AbortSignal };

export interface TurnProvider {
  readonly name: string;
  readonly maxTtlSeconds: number;
  /** Whether its credentials are worked out here: then nobody else is asked for them, or paid. */
  readonly isComputed: boolean;
  /** Whether one credential can be taken back before it expires. */
  readonly revocable: boolean;
  /** What happens to a running call when its credential expires. */
  readonly midSessionExpiry: 'disconnects' | 'survives';
  issue: (request: TurnRequest) => Promise<IceServer[]>;
}
