import { messageSchema, type Message } from './messages.ts';
import type { TestHost } from './host.ts';
import type { TestNode } from './nodes.ts';

export type HeardMessage = { eventId: string; message: Message; atMs: number };

/** A listener at a node's stream. */
export type Listener = AsyncDisposable & {
  status: number;
  heard: HeardMessage[];
  /** Everything that came, as it came. */
  text: () => string;
  /** Resolves with what has been heard once it is so many; rejects where the stream ends before. */
  waitFor: (count: number) => Promise<HeardMessage[]>;
  /** Resolves when the server ends the stream. */
  ended: Promise<void>;
};

function parseEvent(text: string): HeardMessage | null {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split(': ');
      return [name, value.join(': ')];
    }),
  );
  const data = fields.get('data');
  if (fields.get('event') !== 'message' || data === undefined) return null;
  return {
    eventId: fields.get('id') ?? '',
    message: messageSchema.parse(JSON.parse(data)),
    atMs: performance.now(),
  };
}

type Options = { lastEventId?: string; url?: string };

/** Opens a stream and reads it until it is disposed of, or the server ends it. */
export async function listenTo(
  host: Pick<TestHost, 'url'>,
  node: Pick<TestNode, 'id' | 'token'>,
  { lastEventId, url = host.url }: Options = {},
): Promise<Listener> {
  const gone = new AbortController();
  const response = await fetch(`${url}/api/v1/messages/stream/${node.id}`, {
    headers: {
      authorization: `Bearer ${node.token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: gone.signal,
  });
  const heard: HeardMessage[] = [];
  const waiting = new Set<() => void>();
  let all = '';
  let isOver = false;

  async function read(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        const text = decoder.decode(chunk, { stream: true });
        all += text;
        const parts = (rest + text).split('\n\n');
        rest = parts.pop() ?? '';
        heard.push(...parts.map(parseEvent).filter((it) => it !== null));
        for (const wake of waiting) wake();
      }
    } catch (error) {
      if (!gone.signal.aborted) all += String(error);
    }
    isOver = true;
    for (const wake of waiting) wake();
  }

  const ended = read();
  return {
    status: response.status,
    heard,
    text: () => all,
    waitFor: async (count) => {
      while (heard.length < count) {
        if (isOver) throw new Error(`the stream ended after ${heard.length} messages:\n${all}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
      return heard;
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      gone.abort();
      await ended;
    },
  };
}
