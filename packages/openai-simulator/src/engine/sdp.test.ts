import type { NetworkInterfaceInfo } from 'node:os';

import { test } from 'vitest';

import {
  addLoopbackCandidate,
  chooseBindAddress,
  dropUnresolvableCandidates,
  InvalidOfferError,
  parseOffer,
} from './sdp.ts';

const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 63 96',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:secretsecretsecretsecret',
  'a=fingerprint:sha-256 00:11',
  'a=mid:voice',
  'a=recvonly',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:96 opus/48000/2',
  'a=candidate:1 1 udp 1 3f2c.local 5000 typ host',
  'a=candidate:2 1 udp 1 10.0.0.7 5000 typ relay',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:events',
  '',
].join('\r\n');

test('the audio section says how to answer it', ({ expect }) => {
  expect(parseOffer(OFFER)).toEqual({ mid: 'voice', opusPayloadType: 96, direction: 'recvonly' });
  expect(parseOffer(OFFER.replaceAll('\r\n', '\n')).mid).toBe('voice');
  expect(parseOffer(OFFER.replace('a=recvonly\r\n', '')).direction).toBe('sendrecv');
});

test.for([
  ['v=0', 'hello'],
  ['m=audio', 'm=video'],
  ['m=application', 'm=audio'],
  ['a=fingerprint:', 'a=other:'],
  ['a=mid:voice', 'a=other:voice'],
  ['opus', 'speex'],
] as const)('an offer with %s replaced by %s is none', ([from, to], { expect }) => {
  expect(() => parseOffer(OFFER.replace(from, to))).toThrow(InvalidOfferError);
});

test('only candidates that nobody here can resolve are dropped', ({ expect }) => {
  const offer = dropUnresolvableCandidates(OFFER);
  expect(offer).not.toContain('.local');
  expect(offer).toContain('10.0.0.7 5000 typ relay');
});

test('loopback is offered at the port of the first address, once', ({ expect }) => {
  const answer = 'v=0\r\na=candidate:1 1 UDP 2114977791 192.0.2.2 4000 typ host\r\n';
  const added = addLoopbackCandidate(answer);
  expect(added).toContain('a=candidate:99 1 UDP 2114977790 127.0.0.1 4000 typ host');
  expect(addLoopbackCandidate(added)).toBe(added);
});

const createEntry = (internal: boolean): NetworkInterfaceInfo => ({
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  cidr: null,
  internal,
});

test('without a network the engine binds loopback', ({ expect }) => {
  expect(chooseBindAddress({ lo: [createEntry(true)] })).toBe('127.0.0.1');
  expect(chooseBindAddress({ lo: [createEntry(true)], eth0: [createEntry(false)] })).toBeUndefined();
});
