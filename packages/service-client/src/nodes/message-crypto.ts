import type { Clock } from '../runtime.ts';
import {
  type Body,
  type Envelope,
  type EnvelopeHead,
  isEnvelope,
  isSignedBy,
  openPayload,
  readEnvelope,
  sealPayload,
  signEnvelope,
  writeEnvelope,
} from './envelope.ts';
import type { PendingMessage } from './messages.ts';
import { parseJson } from './node-http.ts';
import type { NodeKeys } from './node-keys.ts';
import type { PublicKeys } from './public-keys.ts';
import type { ReplayGuard } from './replay-guard.ts';

/**
 * Why a message is not to be believed: `malformed` no envelope of this version · `wrong_sender`, `wrong_recipient`,
 * `wrong_type` it was made for another message · `expired`, `from_the_future` by its own time · `unknown_sender` nobody
 * has the key · `bad_signature` · `unreadable` not encrypted for this node, or changed · `replayed` it came before, with
 * another message · `unsigned`, `not_encrypted` where this node wants it so.
 */
export type RejectionReason =
  | 'malformed'
  | 'wrong_sender'
  | 'wrong_recipient'
  | 'wrong_type'
  | 'expired'
  | 'from_the_future'
  | 'unknown_sender'
  | 'bad_signature'
  | 'unreadable'
  | 'replayed'
  | 'unsigned'
  | 'not_encrypted';

/** A message that can be believed as far as `isSigned` and `isEncrypted` say. */
export type NodeMessage = PendingMessage & {
  /** By the sender's own key. Without it the broker alone says who the sender is. */
  isSigned: boolean;
  /** From the sender to here: the broker could not read it. */
  isEncrypted: boolean;
};

export type OpenedMessage = { ok: true; message: NodeMessage } | { ok: false; reason: RejectionReason };

export type MessageCryptoParts = {
  nodeId: string;
  keys: NodeKeys;
  publicKeys: PublicKeys;
  replays: ReplayGuard;
  clock: Clock;
  randomId: () => string;
};

export type Trust = { requireSignature: boolean; requireEncryption: boolean };

type SealInput = {
  to: readonly string[];
  type: string;
  content: unknown;
  ttlSeconds: number;
  encrypt: boolean;
  sign: boolean;
  signal: AbortSignal | undefined;
};

/** How far two clocks may be apart; the broker refuses nodes that are further off. */
const SKEW_MS = 300_000;

/** The content of a message as it goes out. Recipients that nobody knows get no key: the broker rejects them. */
export async function sealContent(parts: MessageCryptoParts, input: SealInput): Promise<unknown> {
  const { to, type, ttlSeconds, content } = input;
  const nowMs = parts.clock.now();
  const head: EnvelopeHead = {
    id: parts.randomId(),
    from: parts.nodeId,
    to,
    type,
    sentAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + ttlSeconds * 1_000).toISOString(),
  };
  const payload = JSON.stringify(content ?? null);
  const body: Body = input.encrypt
    ? await sealPayload(head, payload, await findRecipients(parts, input))
    : { kind: 'plain', payload };
  const signature = input.sign ? await signEnvelope({ head, body }, parts.keys.signingKey) : null;
  return writeEnvelope({ head, body, signature });
}

async function findRecipients(
  { publicKeys }: MessageCryptoParts,
  { to, signal }: SealInput,
): Promise<ReadonlyMap<string, CryptoKey>> {
  const found = new Map<string, CryptoKey>();
  for (const id of to) {
    const key = await publicKeys.get(id, 'encrypt', signal);
    if (key !== null) found.set(id, key);
  }
  return found;
}

/** Never throws for what a sender can do wrong; throws when a key cannot be asked for. */
export async function openMessage(
  parts: MessageCryptoParts,
  message: PendingMessage,
  trust: Trust,
): Promise<OpenedMessage> {
  const read = readTrusted(message, trust);
  if (!read.ok) return read;
  const { envelope, isSigned, isEncrypted } = read;
  if (envelope === null) return { ok: true, message: { ...message, isSigned, isEncrypted } };
  const misfit = findMisfit(parts, message, envelope.head) ?? (await findForgery(parts, envelope));
  if (misfit !== null) return { ok: false, reason: misfit };
  const content = await readContent(parts, envelope);
  if (content === undefined) return { ok: false, reason: 'unreadable' };
  // Last, so that a forgery uses up nobody's id.
  if (!(await claim(parts, envelope.head, message.id))) return { ok: false, reason: 'replayed' };
  return { ok: true, message: { ...message, content, isSigned, isEncrypted } };
}

type Read =
  | { ok: true; envelope: Envelope | null; isSigned: boolean; isEncrypted: boolean }
  | { ok: false; reason: RejectionReason };

function readTrusted({ content }: PendingMessage, { requireSignature, requireEncryption }: Trust): Read {
  const isSealed = isEnvelope(content);
  const envelope = isSealed ? readEnvelope(content) : null;
  if (isSealed && envelope === null) return { ok: false, reason: 'malformed' };
  const isSigned = envelope !== null && envelope.signature !== null;
  const isEncrypted = envelope?.body.kind === 'sealed';
  if (requireSignature && !isSigned) return { ok: false, reason: 'unsigned' };
  if (requireEncryption && !isEncrypted) return { ok: false, reason: 'not_encrypted' };
  return { ok: true, envelope, isSigned, isEncrypted };
}

/** Undefined: it cannot be read. */
async function readContent(parts: MessageCryptoParts, envelope: Envelope): Promise<unknown> {
  const payload = await openPayload(envelope, parts.nodeId, parts.keys.decryptionKey);
  return payload === null ? undefined : parseJson(payload);
}

async function claim(
  { replays }: MessageCryptoParts,
  { from, id, expiresAt }: EnvelopeHead,
  messageId: string,
): Promise<boolean> {
  return await replays.claim(`${from} ${id}`, messageId, Date.parse(expiresAt) + SKEW_MS);
}

function findMisfit(
  { nodeId, clock }: MessageCryptoParts,
  message: PendingMessage,
  head: EnvelopeHead,
): RejectionReason | null {
  if (head.from !== message.fromNode) return 'wrong_sender';
  if (!head.to.includes(nodeId)) return 'wrong_recipient';
  if (head.type !== message.messageType) return 'wrong_type';
  const sentAtMs = Date.parse(head.sentAt);
  const expiresAtMs = Date.parse(head.expiresAt);
  if (Number.isNaN(sentAtMs) || Number.isNaN(expiresAtMs)) return 'malformed';
  const nowMs = clock.now();
  if (sentAtMs > nowMs + SKEW_MS) return 'from_the_future';
  return expiresAtMs + SKEW_MS <= nowMs ? 'expired' : null;
}

async function findForgery(
  { publicKeys }: MessageCryptoParts,
  envelope: Envelope,
): Promise<RejectionReason | null> {
  if (envelope.signature === null) return null;
  const key = await publicKeys.get(envelope.head.from, 'verify');
  if (key === null) return 'unknown_sender';
  return (await isSignedBy(envelope, key)) ? null : 'bad_signature';
}
