import { isLocalDatabase, isLoopbackHost } from './config-urls.ts';
import type { Values, VariableName } from './config-variables.ts';

/** Where the program runs: Node listens by itself and can start the simulator, Workers can do neither. */
export type HostKind = 'node' | 'workers';

export type Settings = {
  values: Values;
  hostKind: HostKind;
  report: (name: VariableName, problem: string) => void;
};

/** Listens where others can reach it. */
export function isPublic({ values, hostKind }: Pick<Settings, 'values' | 'hostKind'>): boolean {
  return hostKind === 'node' && !isLoopbackHost(values.HOST ?? '127.0.0.1');
}

/** Demo secrets only where nobody else can reach: a loopback listener over a database on this machine. */
export function mayBeDemo({ values, hostKind }: Settings): boolean {
  return (
    hostKind === 'node' &&
    isLoopbackHost(values.HOST ?? '127.0.0.1') &&
    isLocalDatabase(values.TURSO_DATABASE_URL ?? 'file:') &&
    (values.BASE_URL === undefined || isLoopbackHost(new URL(values.BASE_URL).hostname))
  );
}
