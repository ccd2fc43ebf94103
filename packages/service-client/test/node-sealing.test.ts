import { expect, test } from 'vitest';

import { openMessage, sealContent, type MessageCryptoParts } from '../src/nodes/message-crypto.ts';
import type { PendingMessage } from '../src/nodes/messages.ts';
import { generateNodeKeys, type NodeKeys } from '../src/nodes/node-keys.ts';
import { PublicKeys } from '../src/nodes/public-keys.ts';
import { createReplayGuard } from '../src/nodes/replay-guard.ts';
import { createStepClock } from './support/step-clock.ts';

const [A, B, C] = await Promise.all(['a', 'b', 'c'].map(() => generateNodeKeys({ bits: 2_048 })));
const PAIRS: Readonly<Record<string, NodeKeys>> = Object.fromEntries(
  [A, B, C].flatMap((pair, index) => (pair === undefined ? [] : [['abc'[index] ?? '', pair.keys]])),
);
const NO_WISHES = { requireSignature: false, requireEncryption: false };
const BOTH = { encrypt: true, sign: true };

function setUp() {
  const clock = createStepClock();
  const asked: string[] = [];
  let ids = 0;
  const partsOf = (nodeId: string): MessageCryptoParts => {
    const keys = PAIRS[nodeId];
    if (keys === undefined) throw new Error('no such node');
    const find = async (id: string): Promise<string | null> => {
      asked.push(id);
      return PAIRS[id]?.publicKeyPem ?? null;
    };
    return {
      nodeId,
      keys,
      clock,
      publicKeys: new PublicKeys({ clock, find }),
      replays: createReplayGuard(() => clock.now()),
      randomId: () => `envelope-${(ids += 1)}`,
    };
  };
  const seal = async (more: Partial<Parameters<typeof sealContent>[1]> = {}, from = 'a') =>
    await sealContent(partsOf(from), {
      to: ['b', 'c'],
      type: 'command',
      content: { pay: 5 },
      ttlSeconds: 60,
      encrypt: false,
      sign: false,
      signal: undefined,
      ...more,
    });
  return { clock, asked, partsOf, seal };
}

function arrive(content: unknown, more: Partial<PendingMessage> = {}): PendingMessage {
  return {
    id: 'msg_1',
    fromNode: 'a',
    messageType: 'command',
    content,
    priority: 'normal',
    createdAt: '',
    expiresAt: '',
    metadata: {},
    ...more,
  };
}

for (const { name, how } of [
  { name: 'sealed', how: { encrypt: true } },
  { name: 'signed', how: { sign: true } },
  { name: 'sealed and signed', how: BOTH },
]) {
  test(`what is ${name} is opened by each recipient`, async () => {
    const { seal, partsOf } = setUp();
    for (const content of [{ pay: 5 }, 'text with 𝄞', 0, null, [1, { 2: '' }]]) {
      const sealed = await seal({ ...how, content });
      for (const id of ['b', 'c']) {
        expect(await openMessage(partsOf(id), arrive(sealed), NO_WISHES)).toEqual({
          ok: true,
          message: { ...arrive(content), isSigned: 'sign' in how, isEncrypted: 'encrypt' in how },
        });
      }
    }
  });
}

test('it survives what JSON does to it on the way, and a large one as well', async () => {
  const { seal, partsOf } = setUp();
  const content = { text: 'x'.repeat(150_000), '1': 'first', a: 1e21 };
  const sealed: unknown = JSON.parse(JSON.stringify(await seal({ ...BOTH, content })));
  expect(await openMessage(partsOf('b'), arrive(sealed), NO_WISHES)).toMatchObject({
    ok: true,
    message: { content },
  });
});

test('one who is no recipient cannot read it, and no byte of the content is to be seen', async () => {
  const { seal, partsOf } = setUp();
  const sealed = await seal({ ...BOTH, to: ['b'], content: 'CANARY' });
  expect(JSON.stringify(sealed)).not.toContain('CANARY');
  expect(await openMessage(partsOf('c'), arrive(sealed), NO_WISHES)).toEqual({
    ok: false,
    reason: 'wrong_recipient',
  });
});

/** The envelope with a member, found by its path, made another one. */
function change(sealed: unknown, path: readonly string[], to: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return to(sealed);
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(Object(sealed)));
  copy[name] = change(copy[name], rest, to);
  return copy;
}

function flipFirst(value: unknown): string {
  const text = String(value);
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
}

const LATER = (value: unknown): string => new Date(Date.parse(String(value)) + 1_000).toISOString();
const TAMPERED = [
  { path: ['id'], to: () => 'envelope-x', signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['to'], to: () => ['b'], signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['to'], to: () => ['c', 'b'], signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['sent_at'], to: LATER, signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['expires_at'], to: LATER, signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['encrypted', 'iv'], to: flipFirst, signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['encrypted', 'ciphertext'], to: flipFirst, signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['encrypted', 'keys', 'b'], to: flipFirst, signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['encrypted', 'keys'], to: () => ({}), signed: 'bad_signature', sealed: 'unreadable' },
  { path: ['encrypted', 'alg'], to: () => 'RSA1_5', signed: 'malformed', sealed: 'malformed' },
  { path: ['encrypted', 'enc'], to: () => 'none', signed: 'malformed', sealed: 'malformed' },
  { path: ['encrypted'], to: () => undefined, signed: 'malformed', sealed: 'malformed' },
  { path: ['payload'], to: () => '"x"', signed: 'malformed', sealed: 'malformed' },
  { path: ['ephemera_envelope'], to: () => 2, signed: 'malformed', sealed: 'malformed' },
] as const;

for (const { path, to, signed, sealed } of TAMPERED) {
  test(`a change of ${path.join('.')} on the way is noticed`, async () => {
    const { seal, partsOf } = setUp();
    const open = async (content: unknown) => await openMessage(partsOf('b'), arrive(content), NO_WISHES);
    expect(await open(change(await seal(BOTH), path, to))).toEqual({ ok: false, reason: signed });
    expect(await open(change(await seal({ encrypt: true }), path, to))).toEqual({
      ok: false,
      reason: sealed,
    });
  });
}

test('a signature is good for its sender, its type and its payload alone', async () => {
  const { seal, partsOf } = setUp();
  const sealed = await seal({ sign: true });
  const open = async (content: unknown, more: Partial<PendingMessage> = {}) =>
    await openMessage(partsOf('b'), arrive(content, more), NO_WISHES);
  expect(await open(sealed, { fromNode: 'c' })).toMatchObject({ reason: 'wrong_sender' });
  expect(await open(sealed, { messageType: 'data_sync' })).toMatchObject({ reason: 'wrong_type' });
  expect(await open(change(sealed, ['payload'], () => '{"pay":6}'))).toMatchObject({
    reason: 'bad_signature',
  });
  // Under another name, with a signature of one's own: the key is the other's.
  expect(await open(change(await seal({ sign: true }, 'c'), ['from'], () => 'a'))).toMatchObject({
    reason: 'bad_signature',
  });
  expect(await open(change(sealed, ['signature', 'alg'], () => 'none'))).toMatchObject({
    reason: 'malformed',
  });
  expect(await open(change(sealed, ['signature', 'value'], () => ''))).toMatchObject({
    reason: 'bad_signature',
  });
  expect(await open(change(sealed, ['signature', 'value'], () => '=!'))).toMatchObject({
    reason: 'bad_signature',
  });
  expect(await open(sealed)).toMatchObject({ ok: true });
});

test('without its signature a message is unsigned, which can be refused', async () => {
  const { seal, partsOf } = setUp();
  const stripped = change(await seal({ sign: true }), ['signature'], () => undefined);
  const open = async (content: unknown, trust: object) =>
    await openMessage(partsOf('b'), arrive(content), { ...NO_WISHES, ...trust });
  expect(await open(stripped, {})).toMatchObject({ ok: true, message: { isSigned: false } });
  expect(await open(stripped, { requireSignature: true })).toEqual({ ok: false, reason: 'unsigned' });
  expect(await open('plain', { requireSignature: true })).toEqual({ ok: false, reason: 'unsigned' });
  expect(await open('plain', { requireEncryption: true })).toEqual({ ok: false, reason: 'not_encrypted' });
  expect(await open(await seal({ sign: true }), { requireEncryption: true })).toEqual({
    ok: false,
    reason: 'not_encrypted',
  });
});

test('a message comes again until it is read; the same envelope with another message is a copy', async () => {
  const { seal, partsOf } = setUp();
  const reader = partsOf('b');
  const sealed = await seal(BOTH);
  const open = async (id: string) => await openMessage(reader, arrive(sealed, { id }), NO_WISHES);
  expect(await open('msg_1')).toMatchObject({ ok: true });
  expect(await open('msg_1')).toMatchObject({ ok: true });
  expect(await open('msg_2')).toEqual({ ok: false, reason: 'replayed' });
});

test('a forgery uses up nobody’s envelope', async () => {
  const { seal, partsOf } = setUp();
  const reader = partsOf('b');
  const sealed = await seal({ sign: true });
  const forged = change(sealed, ['payload'], () => '"forged"');
  expect(await openMessage(reader, arrive(forged, { id: 'msg_0' }), NO_WISHES)).toMatchObject({ ok: false });
  expect(await openMessage(reader, arrive(sealed), NO_WISHES)).toMatchObject({ ok: true });
});

test('its own time bounds it, give or take the five minutes that clocks may be apart', async () => {
  const { seal, partsOf, clock } = setUp();
  const sealed = await seal({ sign: true });
  const open = async () => await openMessage(partsOf('b'), arrive(sealed), NO_WISHES);
  clock.pass(-299_000);
  expect(await open()).toMatchObject({ ok: true });
  clock.pass(-2_000);
  expect(await open()).toEqual({ ok: false, reason: 'from_the_future' });
  clock.pass(301_000 + 359_000);
  expect(await open()).toMatchObject({ ok: true });
  clock.pass(1_000);
  expect(await open()).toEqual({ ok: false, reason: 'expired' });
});

test('recipients that nobody knows get no key; a sender that nobody knows is not believed', async () => {
  const { seal, partsOf } = setUp();
  const sealed = await seal({ ...BOTH, to: ['b', 'nobody'] });
  expect(await openMessage(partsOf('b'), arrive(sealed), NO_WISHES)).toMatchObject({ ok: true });
  const renamed = change(sealed, ['from'], () => 'nobody');
  expect(await openMessage(partsOf('b'), arrive(renamed, { fromNode: 'nobody' }), NO_WISHES)).toEqual({
    ok: false,
    reason: 'unknown_sender',
  });
});

test('a public key is asked for once in five minutes', async () => {
  const { asked, partsOf, clock } = setUp();
  const { publicKeys } = partsOf('a');
  await publicKeys.get('b', 'encrypt');
  await publicKeys.get('b', 'verify');
  clock.pass(299_000);
  await publicKeys.get('b', 'encrypt');
  expect(asked).toEqual(['b']);
  clock.pass(1_000);
  await publicKeys.get('b', 'encrypt');
  expect(asked).toEqual(['b', 'b']);
});
