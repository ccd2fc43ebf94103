/** One line of what a node's client does. It never holds a token, a key or what a message says. */
export type NodeLogEntry = {
  level: 'debug' | 'info' | 'warn' | 'error';
  /** A stable name such as `node.connected` or `message.failed`. */
  event: string;
  nodeId: string;
  fields: Readonly<Record<string, string | number | boolean>>;
};

export type Log = (
  level: NodeLogEntry['level'],
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/** What the host's hook throws is its own affair. */
export function createLog(nodeId: string, hook: ((entry: NodeLogEntry) => void) | undefined): Log {
  return (level, event, fields = {}) => {
    if (hook === undefined) return;
    const known: NodeLogEntry['fields'] = Object.fromEntries(
      Object.entries(fields).filter(
        (field): field is [string, string | number | boolean] => field[1] !== undefined,
      ),
    );
    try {
      hook({ level, event, nodeId, fields: known });
    } catch {
      // A log that fails must not stop the work that it tells of.
    }
  };
}

/** For a log: what failed, without anything that a message could quote. */
export function describeFailure(error: unknown): Record<string, string | number | boolean | undefined> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, status, requestId } = Object.fromEntries(Object.entries(error));
  return {
    error: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  };
}
