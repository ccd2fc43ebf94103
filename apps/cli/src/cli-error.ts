/** What the process ends with; `npm run keys -- --help` lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  noAccess: 3,
  unreachable: 4,
  notFound: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message that says what to do. The message never holds a key. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
