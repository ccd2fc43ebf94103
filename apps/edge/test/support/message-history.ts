/** One attempt to send, or several under one idempotency key. Times are Unix milliseconds. */
export type SendRecord = {
  /** In the content of the message as well. */
  key: string;
  from: string;
  to: readonly string[];
  priority: string;
  /** Which one it was of its sender. */
  order: number;
  /** Whether it lives for seconds only, so that nobody need ever have heard it. */
  isMortal: boolean;
  /** Null: no answer ever came, and whether it was stored is not known. */
  answer: { messageId: string; accepted: readonly string[] } | null;
};

export type ReceiveRecord = {
  by: string;
  /** The request that it came in: a poll or a whole stream. */
  request: string;
  messageId: string;
  key: string;
  from: string;
  askedMs: number;
  heardMs: number;
  expiresMs: number;
};

/** An acknowledged mark, as of when its answer was there. */
export type MarkRecord = { by: string; messageId: string; markedMs: number };

export type History = { seed: number; sends: SendRecord[]; receives: ReceiveRecord[]; marks: MarkRecord[] };

/** What must not be, each with what it was. All empty: the history is as it should be. */
export type Verdict = {
  /** Taken for a recipient, and never heard by that one. */
  lost: string[];
  /** Heard by somebody it was not for, or sent by nobody. */
  strange: string[];
  /** Heard after its time. */
  late: string[];
  /** Heard again by who had marked it, or twice in one request. */
  repeated: string[];
  /** One key, two messages. */
  doubled: string[];
  /** First heard after a later one of the same sender and priority. */
  disordered: string[];
};

/** Between the look into the database and the ear, on a machine that is busy. */
const ON_THE_WAY_MS = 2_000;

function nameOf({ by, key }: Pick<ReceiveRecord, 'by' | 'key'>): string {
  return `${key} at ${by}`;
}

function findLost({ sends, receives }: History): string[] {
  const heard = new Set(receives.map(nameOf));
  return sends
    .filter(({ isMortal }) => !isMortal)
    .flatMap(({ key, answer }) => (answer?.accepted ?? []).map((by) => nameOf({ by, key })))
    .filter((name) => !heard.has(name));
}

function findStrange({ sends, receives }: History): string[] {
  const byKey = new Map(sends.map((send) => [send.key, send]));
  const isMeant = ({ by, key, from }: ReceiveRecord): boolean => {
    const send = byKey.get(key);
    return send?.from === from && send.to.includes(by) && send.answer?.accepted.includes(by) !== false;
  };
  return receives.filter((it) => !isMeant(it)).map(nameOf);
}

function findLate({ receives }: History): string[] {
  return receives
    .filter(
      ({ request, askedMs, heardMs, expiresMs }) =>
        heardMs > expiresMs + ON_THE_WAY_MS || (request.startsWith('poll') && askedMs > expiresMs),
    )
    .map((it) => `${nameOf(it)}, ${it.heardMs - it.expiresMs} ms after its end`);
}

function findRepeated({ receives, marks }: History): string[] {
  const markedMs = new Map(marks.map((mark) => [`${mark.messageId} ${mark.by}`, mark.markedMs]));
  const seen = new Set<string>();
  return receives.flatMap((it) => {
    const inRequest = `${it.messageId} ${it.request}`;
    const isTwice = seen.has(inRequest);
    seen.add(inRequest);
    const isMarked = (markedMs.get(`${it.messageId} ${it.by}`) ?? Infinity) < it.askedMs;
    return isTwice || isMarked ? [`${nameOf(it)} in ${it.request}`] : [];
  });
}

function findDoubled({ sends, receives }: History): string[] {
  const ids = new Map<string, string>();
  const pairs = [
    ...sends.flatMap(({ key, answer }) => (answer === null ? [] : [[key, answer.messageId] as const])),
    ...receives.map(({ key, messageId }) => [key, messageId] as const),
  ];
  return pairs.flatMap(([key, id]) => {
    const known = ids.get(key) ?? id;
    ids.set(key, known);
    return known === id ? [] : [`${key}: ${known} and ${id}`];
  });
}

function findDisordered({ sends, receives }: History): string[] {
  const byKey = new Map(sends.map((send) => [send.key, send]));
  const first = new Map<string, ReceiveRecord>();
  for (const it of receives) if (!first.has(nameOf(it))) first.set(nameOf(it), it);
  const newest = new Map<string, number>();
  return [...first.values()].flatMap((it) => {
    const send = byKey.get(it.key);
    if (send === undefined) return [];
    const line = `${it.by} ${it.from} ${send.priority}`;
    const before = newest.get(line) ?? -1;
    newest.set(line, Math.max(before, send.order));
    return send.order < before ? [nameOf(it)] : [];
  });
}

/** Goes through what was done and heard, and says what must not have been. */
export function checkHistory(history: History): Verdict {
  return {
    lost: findLost(history),
    strange: findStrange(history),
    late: findLate(history),
    repeated: findRepeated(history),
    doubled: findDoubled(history),
    disordered: findDisordered(history),
  };
}

export const FLAWLESS: Verdict = {
  lost: [],
  strange: [],
  late: [],
  repeated: [],
  doubled: [],
  disordered: [],
};

/** What was asked of the host, in numbers. */
export function describeHistory({ sends, receives, marks }: History): string {
  const acknowledged = sends.filter(({ answer }) => answer !== null);
  const taken = acknowledged.reduce((sum, { answer }) => sum + (answer?.accepted.length ?? 0), 0);
  const heard = new Set(receives.map(nameOf)).size;
  return (
    `${acknowledged.length} of ${sends.length} messages acknowledged for ${taken} recipients, ` +
    `heard ${receives.length} times by ${heard}, ${marks.length} marked as read`
  );
}
