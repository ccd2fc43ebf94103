import { createDice, type Dice } from './dice.ts';
import { listenTo } from './event-stream.ts';
import type { History, SendRecord } from './message-history.ts';
import { type Message, messageOf, pendingSchema, receiptSchema } from './messages.ts';
import type { MortalHost } from './mortal-host.ts';
import { logIn, type NodeHost, sendAs, type TestNode, tokensSchema } from './nodes.ts';

export type Traffic = {
  host: MortalHost;
  reach: NodeHost;
  nodes: readonly TestNode[];
  messagesPerNode: number;
  seed: number;
  history: History;
  /** Told after each acknowledged message. */
  onSent: () => void;
};

type Party = { traffic: Traffic; node: TestNode; dice: Dice; send: TestNode['send'] };

const PRIORITIES = ['low', 'normal', 'normal', 'high', 'critical'] as const;
const MAX_RECIPIENTS = 3;
/** One in so many lives for seconds only, is sent once without a key, is left unread at first. */
const MORTAL = 20;
const UNKEYED = 10;
const FORGOTTEN = 10;
const STREAM_MS = 700;

/** Answers null where the host died before it had answered. */
async function ask<Answer>(
  party: Party,
  { method, path, body }: { method: string; path: string; body?: unknown },
  read: (response: Response) => Promise<Answer>,
): Promise<Answer | null> {
  try {
    const response = await party.send(method, path, body);
    if (response.status === 200) return await read(response);
    if (response.status !== 401)
      throw new Error(`${path} answered ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  } catch (error) {
    if (!(error instanceof TypeError) && !isCut(error)) throw error;
    await party.traffic.host.whenUp();
    return null;
  }
  await logInAgain(party);
  return null;
}

function isCut(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'AbortError');
}

async function logInAgain(party: Party): Promise<void> {
  const { reach } = party.traffic;
  const answer = await logIn(reach, party.node.id, party.node.keys);
  const { access_token: token } = tokensSchema.parse(await answer.json());
  party.node = { ...party.node, token };
  party.send = sendAs(reach, token);
}

function pickRecipients({ traffic: { nodes }, dice }: Party): string[] {
  const count = 1 + dice.below(MAX_RECIPIENTS);
  const picked = Array.from({ length: count }, () => nodes[dice.below(nodes.length)]?.id ?? '');
  return [...new Set(picked)];
}

function draftSend(party: Party, order: number): SendRecord {
  const { node, dice } = party;
  return {
    key: `${node.id}-${order}`,
    from: node.id,
    to: pickRecipients(party),
    priority: dice.pick(PRIORITIES),
    order,
    isMortal: dice.below(MORTAL) === 0,
    answer: null,
  };
}

async function sendOnce(party: Party, body: object): Promise<SendRecord['answer']> {
  const request = { method: 'POST', path: '/api/v1/messages/send', body };
  const receipt = await ask(party, request, async (it) => receiptSchema.parse(await it.json()));
  return receipt === null ? null : { messageId: receipt.message_id, accepted: receipt.accepted };
}

/** One after the other; what has a key is repeated until it is acknowledged. */
async function sendAll(party: Party): Promise<void> {
  const { traffic, dice } = party;
  for (let order = 0; order < traffic.messagesPerNode; order += 1) {
    const record = draftSend(party, order);
    traffic.history.sends.push(record);
    const isKeyed = dice.below(UNKEYED) > 0;
    const body = messageOf(record.from, record.to, {
      content: { key: record.key },
      priority: record.priority,
      ttl: record.isMortal ? 1 + dice.below(3) : 3_600,
      ...(isKeyed ? { idempotency_key: record.key } : {}),
    });
    const tries = isKeyed ? Number.POSITIVE_INFINITY : 1;
    for (let at = 0; at < tries && record.answer === null; at += 1)
      record.answer = await sendOnce(party, body);
    traffic.onSent();
  }
}

type Heard = { request: string; askedMs: number; heardMs: number };

function keep({ traffic: { history }, node }: Party, message: Message, heard: Heard): void {
  const { content } = message;
  const key = typeof content === 'object' && content !== null && 'key' in content ? String(content.key) : '';
  history.receives.push({
    by: node.id,
    messageId: message.id,
    key,
    from: message.from_node,
    expiresMs: Date.parse(message.expires_at),
    ...heard,
  });
}

async function mark(party: Party, messages: readonly Message[], keepsSome: boolean): Promise<void> {
  const due = messages.filter(() => !keepsSome || party.dice.below(FORGOTTEN) > 0);
  await Promise.all(
    due.map(async ({ id }) => {
      const request = { method: 'PUT', path: `/api/v1/messages/${id}/read` };
      const isMarked = await ask(party, request, async (it) => (await it.text()) !== '');
      const markedMs = Date.now();
      if (isMarked === true) party.traffic.history.marks.push({ by: party.node.id, messageId: id, markedMs });
    }),
  );
}

let requests = 0;

async function poll(party: Party, query: string, keepsSome: boolean): Promise<number | null> {
  requests += 1;
  const request = `poll ${requests}`;
  const askedMs = Date.now();
  const path = `/api/v1/messages/pending/${party.node.id}?${query}`;
  const messages = await ask(party, { method: 'GET', path }, async (it) => {
    return pendingSchema.parse(await it.json()).messages;
  });
  if (messages === null) return null;
  for (const message of messages) keep(party, message, { request, askedMs, heardMs: Date.now() });
  await mark(party, messages, keepsSome);
  return messages.length;
}

/** For a while, or until the host dies. Answers where to go on. */
async function listen(party: Party, lastEventId: string | undefined): Promise<string | undefined> {
  requests += 1;
  const request = `stream ${requests}`;
  const askedMs = Date.now();
  const { host } = party.traffic;
  try {
    await using listener = await listenTo(host, party.node, lastEventId === undefined ? {} : { lastEventId });
    if (listener.status === 401) await logInAgain(party);
    await Promise.race([listener.ended, new Promise((resolve) => void setTimeout(resolve, STREAM_MS))]);
    const heard = [...listener.heard];
    for (const { message, atMs } of heard) {
      keep(party, message, { request, askedMs, heardMs: performance.timeOrigin + atMs });
    }
    await mark(
      party,
      heard.map(({ message }) => message),
      true,
    );
    return heard.at(-1)?.eventId ?? lastEventId;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await host.whenUp();
    return lastEventId;
  }
}

/** By polls or by streams, until there is nothing more to come; then without leaving anything unread. */
async function readAll(party: Party, isSentAll: () => boolean): Promise<void> {
  const { dice } = party;
  let lastEventId: string | undefined;
  while (!isSentAll()) {
    if (dice.below(3) === 0) {
      // Sometimes it has forgotten where it was.
      lastEventId = await listen(party, dice.below(4) === 0 ? undefined : lastEventId);
    } else {
      await poll(party, `wait=${dice.below(2)}&limit=${1 + dice.below(60)}`, true);
    }
  }
  for (let left: number | null = null; left !== 0;) left = await poll(party, 'limit=500', false);
}

/** Everybody sends and reads at once, until all has been sent and every mailbox is empty. */
export async function runTraffic(traffic: Traffic): Promise<void> {
  const { nodes, reach, seed } = traffic;
  const toParty = (node: TestNode, offset: number): Party => ({
    traffic,
    node,
    dice: createDice(seed * 1_000 + offset),
    send: sendAs(reach, node.token),
  });
  let isSentAll = false;
  async function sendEverything(): Promise<void> {
    await Promise.all(nodes.map((node, index) => sendAll(toParty(node, index))));
    isSentAll = true;
  }
  const readers = nodes.map((node, index) => readAll(toParty(node, 500 + index), () => isSentAll));
  await Promise.all([sendEverything(), ...readers]);
}
