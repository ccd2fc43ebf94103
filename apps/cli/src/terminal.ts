import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type Output = { write: (text: string) => unknown; isTTY?: boolean; columns?: number };
export type Input = Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };

/** Everything the command takes from the process it runs in. */
export type Terminal = {
  stdin: Input;
  /** Answers only, so that they can be piped. */
  stdout: Output;
  /** Prompts, progress and problems. */
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of the person who calls begin. */
  callersFolder: string;
  /** Where `.data` is looked for. */
  rootFolder: string;
  nowMs: () => number;
  /** Calls back on Ctrl-C instead of ending; the result puts that back. */
  onInterrupt: (listener: () => void) => () => void;
};

/** The terminal of the process itself. */
export function openTerminal(host: NodeJS.Process): Terminal {
  return {
    stdin: host.stdin,
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    // npm starts its scripts at the root, and says here where it was called.
    callersFolder: host.env['INIT_CWD'] ?? host.cwd(),
    rootFolder: fileURLToPath(new URL('../../..', import.meta.url)),
    nowMs: () => Date.now(),
    onInterrupt: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, listener);
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) host.off(signal, listener);
      };
    },
  };
}
