import type { Ledger } from './ledger.ts';
import type { LoadOrder } from './load.ts';
import type { RunningServer, Supervisor } from './supervisor.ts';

export const TARGET_NAMES = [
  'direct',
  'floor',
  'sketch',
  'peer',
  'ephemera',
  'peer-two-targets',
  'peer-fallback',
  'ephemera-two-keys',
  'ephemera-failover',
  'ephemera-breaker',
  'bare-query',
  'internal-read',
] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export type TargetRequest = Pick<LoadOrder, 'method' | 'path' | 'headers' | 'body'>;

export type Target = {
  name: TargetName;
  server: RunningServer;
  request: TargetRequest;
  /** The sessions in the database of a target that stores them. */
  ledger: Ledger | null;
  /** Tries that every mint must have lost before its answer, where that is what is measured. */
  failedTriesPerMint: number | null;
};

export type TargetContext = {
  supervisor: Supervisor;
  upstreamPort: number;
  /** A directory of this run's own, removed at its end. */
  workDirectory: string;
  /** Extra arguments of the Node process that runs Ephemera. */
  nodeArgs?: readonly string[];
};

const MINT_PATH = '/v1/realtime/client_secrets';
const MINT_BODY = JSON.stringify({
  expires_after: { anchor: 'created_at', seconds: 600 },
  session: { type: 'realtime', audio: { output: { voice: 'marin' } } },
});

export function jsonHeaders(bearer: string): Record<string, string> {
  return { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
}

export function createMintRequest(bearer: string): TargetRequest {
  return { method: 'POST', path: MINT_PATH, headers: jsonHeaders(bearer), body: MINT_BODY };
}

/** Nothing of the caller's environment reaches a target: a real provider key must not. */
export function createEnvironment(settings: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings };
}
