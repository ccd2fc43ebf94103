import { type Bytes, encodeText, fromBase64Url, toBase64Url } from './encoding.ts';
import { SIGN_PARAMS } from './node-keys.ts';
import { isObject, type JsonObject, readText, readTexts } from './readers.ts';

/** What is outside of what is sealed, and bound to it: nothing of it can be changed on the way. */
export type EnvelopeHead = {
  /** Made by the sender, once for each message. */
  id: string;
  from: string;
  to: readonly string[];
  type: string;
  sentAt: string;
  expiresAt: string;
};

type Sealed = {
  iv: string;
  /** The content key, wrapped for each recipient. */
  keys: Readonly<Record<string, string>>;
  ciphertext: string;
};

export type Body = { kind: 'plain'; payload: string } | ({ kind: 'sealed' } & Sealed);
export type Envelope = { head: EnvelopeHead; body: Body; signature: string | null };

const VERSION = 1;
const MARK = 'ephemera_envelope';
const WRAP = 'RSA-OAEP-256';
const CIPHER = 'A256GCM';
const SIGN = 'PS256';
const IV_BYTES = 12;

/** Says what it is for, so that no signature of a login or of anything else fits. */
function encodeHead({ id, from, to, type, sentAt, expiresAt }: EnvelopeHead): string {
  return JSON.stringify(['ephemera-node-message', VERSION, id, from, to, type, sentAt, expiresAt]);
}

function toSignedBytes({ head, body }: Pick<Envelope, 'head' | 'body'>): Bytes {
  const { kind } = body;
  const rest =
    kind === 'plain'
      ? [kind, body.payload]
      : [kind, WRAP, CIPHER, body.iv, Object.entries(body.keys).toSorted(byName), body.ciphertext];
  return encodeText(`${encodeHead(head)}\n${JSON.stringify(rest)}`);
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}

/** Encrypts `payload` for the holders of `recipients`, bound to the head. */
export async function sealPayload(
  head: EnvelopeHead,
  payload: string,
  recipients: ReadonlyMap<string, CryptoKey>,
): Promise<Body> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const params = { name: 'AES-GCM', iv, additionalData: encodeText(encodeHead(head)) };
  const ciphertext = await crypto.subtle.encrypt(params, key, encodeText(payload));
  const keys: [string, string][] = [];
  for (const [id, publicKey] of recipients) {
    const wrapped = await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, raw);
    keys.push([id, toBase64Url(new Uint8Array(wrapped))]);
  }
  return {
    kind: 'sealed',
    iv: toBase64Url(iv),
    keys: Object.fromEntries(keys),
    ciphertext: toBase64Url(new Uint8Array(ciphertext)),
  };
}

/** Null: it is not for this node, or was changed on the way. */
export async function openPayload(
  { head, body }: Pick<Envelope, 'head' | 'body'>,
  nodeId: string,
  decryptionKey: CryptoKey,
): Promise<string | null> {
  if (body.kind === 'plain') return body.payload;
  const wrapped = fromBase64Url(Object.hasOwn(body.keys, nodeId) ? (body.keys[nodeId] ?? '') : '');
  const iv = fromBase64Url(body.iv);
  const ciphertext = fromBase64Url(body.ciphertext);
  if (wrapped === null || iv === null || ciphertext === null || iv.length !== IV_BYTES) return null;
  try {
    const raw = await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, decryptionKey, wrapped);
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const params = { name: 'AES-GCM', iv, additionalData: encodeText(encodeHead(head)) };
    return new TextDecoder('utf-8', { fatal: true }).decode(
      await crypto.subtle.decrypt(params, key, ciphertext),
    );
  } catch {
    // Whatever is wrong with it, there is nothing to read; which part it was is no business of the sender's.
    return null;
  }
}

export async function signEnvelope(
  unsigned: Pick<Envelope, 'head' | 'body'>,
  signingKey: CryptoKey,
): Promise<string> {
  return toBase64Url(
    new Uint8Array(await crypto.subtle.sign(SIGN_PARAMS, signingKey, toSignedBytes(unsigned))),
  );
}

export async function isSignedBy(envelope: Envelope, publicKey: CryptoKey): Promise<boolean> {
  const signature = fromBase64Url(envelope.signature ?? '');
  if (signature === null) return false;
  return await crypto.subtle.verify(SIGN_PARAMS, publicKey, signature, toSignedBytes(envelope));
}

/** As it goes over the wire, in the place of a message's content. */
export function writeEnvelope({ head, body, signature }: Envelope): JsonObject {
  return {
    [MARK]: VERSION,
    id: head.id,
    from: head.from,
    to: head.to,
    type: head.type,
    sent_at: head.sentAt,
    expires_at: head.expiresAt,
    ...(body.kind === 'plain'
      ? { payload: body.payload }
      : { encrypted: { alg: WRAP, enc: CIPHER, iv: body.iv, keys: body.keys, ciphertext: body.ciphertext } }),
    ...(signature === null ? {} : { signature: { alg: SIGN, value: signature } }),
  };
}

/** Whether a content says of itself that it is an envelope, good or bad. */
export function isEnvelope(content: unknown): content is JsonObject {
  return isObject(content) && MARK in content;
}

function readHead(value: JsonObject): EnvelopeHead | null {
  const id = readText(value['id']);
  const from = readText(value['from']);
  const to = readTexts(value['to']);
  const type = readText(value['type']);
  const sentAt = readText(value['sent_at']);
  const expiresAt = readText(value['expires_at']);
  if (id === null || from === null || to === null) return null;
  if (type === null || sentAt === null || expiresAt === null) return null;
  return { id, from, to, type, sentAt, expiresAt };
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((item) => typeof item === 'string');
}

function readBody({ payload, encrypted }: JsonObject): Body | null {
  if (typeof payload === 'string' && encrypted === undefined) return { kind: 'plain', payload };
  if (payload !== undefined || !isObject(encrypted)) return null;
  if (encrypted['alg'] !== WRAP || encrypted['enc'] !== CIPHER) return null;
  const iv = readText(encrypted['iv']);
  const ciphertext = readText(encrypted['ciphertext']);
  const keys = encrypted['keys'];
  if (iv === null || ciphertext === null || !isTextRecord(keys)) return null;
  return { kind: 'sealed', iv, ciphertext, keys };
}

/** Undefined: there is a signature that cannot be read. */
function readSignature({ signature }: JsonObject): string | null | undefined {
  if (signature === undefined) return null;
  if (!isObject(signature) || signature['alg'] !== SIGN) return undefined;
  return readText(signature['value']) ?? undefined;
}

/** Null: not as this version writes one. */
export function readEnvelope(content: JsonObject): Envelope | null {
  if (content[MARK] !== VERSION) return null;
  const head = readHead(content);
  const body = readBody(content);
  const signature = readSignature(content);
  return head === null || body === null || signature === undefined ? null : { head, body, signature };
}
