import type { Readable } from 'node:stream';

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
