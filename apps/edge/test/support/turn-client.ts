import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const ALLOCATE = 0x0003;
const CREATE_PERMISSION = 0x0008;
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
} as const;
const STALE_NONCE = 438;
const ANSWER_TIMEOUT_MS = 5_000;

export type TurnLogin = { username: string; credential: string };
type Attribute = { type: number; value: Buffer };
type Signing = { attributes: Attribute[]; key: Buffer };
type Answer = { errorCode: number | null; attributes: Map<number, Buffer> };

/** 'granted', or the error code the server answered with. */
export type TurnOutcome = 'granted' | number;

export type TurnClient = AsyncDisposable & {
  allocate: (login: TurnLogin, family: 4 | 6) => Promise<TurnOutcome>;
  /** Needs an allocation of the peer's family. */
  createPermission: (peer: Buffer) => Promise<TurnOutcome>;
};

/** As much of a TURN client (RFC 8656, UDP) as it takes to see what a server permits. */
export async function openTurnClient(port: number): Promise<TurnClient> {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let signing: Signing | null = null;
  /** Asks once more with the fresh nonce when the server calls the old one stale, as it may at any time. */
  const askSigned = async (
    method: number,
    attributesFor: (id: Buffer) => Attribute[],
  ): Promise<TurnOutcome> => {
    if (signing === null) throw new Error('allocate first');
    const id = randomBytes(12);
    const attributes = [...attributesFor(id), ...signing.attributes];
    const answer = await exchange(socket, encode(method, attributes, signing.key, id));
    if (answer.errorCode !== STALE_NONCE) return answer.errorCode ?? 'granted';
    signing = { ...signing, attributes: renewNonce(signing.attributes, answer) };
    return await askSigned(method, attributesFor);
  };
  return {
    allocate: async (login, family) => {
      const wanted: Attribute[] = [
        { type: ATTRIBUTE.requestedTransport, value: Buffer.from([17, 0, 0, 0]) },
        { type: ATTRIBUTE.requestedAddressFamily, value: Buffer.from([family === 4 ? 1 : 2, 0, 0, 0]) },
      ];
      signing = answerChallenge(await exchange(socket, encode(ALLOCATE, wanted, null)), login);
      return await askSigned(ALLOCATE, () => wanted);
    },
    createPermission: (peer) =>
      askSigned(CREATE_PERMISSION, (id) => [{ type: ATTRIBUTE.xorPeerAddress, value: xorAddress(peer, id) }]),
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The 16 or 4 bytes of an address as text; IPv6 is taken through its URL form, which also reads `::ffff:1.2.3.4`. */
export function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const expanded = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = expanded.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  const middle = expanded.includes('::') ? Array<string>(8 - left.length - right.length).fill('0') : [];
  const groups = [...left, ...middle, ...right].map((group) => Number.parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function answerChallenge(challenge: Answer, login: TurnLogin): Signing {
  const realm = challenge.attributes.get(ATTRIBUTE.realm);
  const nonce = challenge.attributes.get(ATTRIBUTE.nonce);
  if (realm === undefined || nonce === undefined)
    throw new Error(`no challenge: ${String(challenge.errorCode)}`);
  const key = createHash('md5').update(`${login.username}:${realm.toString()}:${login.credential}`).digest();
  return {
    key,
    attributes: [
      { type: ATTRIBUTE.username, value: Buffer.from(login.username) },
      { type: ATTRIBUTE.realm, value: realm },
      { type: ATTRIBUTE.nonce, value: nonce },
    ],
  };
}

function renewNonce(attributes: readonly Attribute[], answer: Answer): Attribute[] {
  const nonce = answer.attributes.get(ATTRIBUTE.nonce);
  return attributes.map((one) =>
    one.type === ATTRIBUTE.nonce && nonce !== undefined ? { ...one, value: nonce } : one,
  );
}

// oxlint-disable-next-line max-params -- because the transaction id is needed only where an address is masked with it
function encode(method: number, attributes: Attribute[], key: Buffer | null, id = randomBytes(12)): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  if (key === null) return Buffer.concat([header(method, body.length, id), body]);
  const signed = Buffer.concat([header(method, body.length + 24, id), body]);
  const digest = createHmac('sha1', key).update(signed).digest();
  return Buffer.concat([signed, encodeAttribute({ type: ATTRIBUTE.messageIntegrity, value: digest })]);
}

function header(method: number, length: number, id: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(method, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([bytes, id]);
}

function encodeAttribute({ type, value }: Attribute): Buffer {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function xorAddress(address: Buffer, id: Buffer): Buffer {
  const mask = Buffer.concat([Buffer.from([0x21, 0x12, 0xa4, 0x42]), id]);
  const masked = Buffer.from(address.map((byte, index) => byte ^ (mask[index] ?? 0)));
  const port = 9 ^ (MAGIC_COOKIE >>> 16);
  return Buffer.concat([Buffer.from([0, address.length === 4 ? 1 : 2, port >> 8, port & 0xff]), masked]);
}

async function exchange(socket: Socket, message: Buffer): Promise<Answer> {
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  socket.send(message);
  const [datagram]: unknown[] = await answered;
  if (!Buffer.isBuffer(datagram)) throw new Error('no datagram');
  return decode(datagram);
}

function decode(datagram: Buffer): Answer {
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= datagram.length;) {
    const length = datagram.readUInt16BE(at + 2);
    attributes.set(datagram.readUInt16BE(at), datagram.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const error = attributes.get(ATTRIBUTE.errorCode);
  return { attributes, errorCode: error === undefined ? null : (error[2] ?? 0) * 100 + (error[3] ?? 0) };
}
