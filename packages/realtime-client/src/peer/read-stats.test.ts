import { test } from 'vitest';

import { readStats } from './read-stats.ts';

const LOCAL = {
  id: 'L',
  type: 'local-candidate',
  candidateType: 'relay',
  protocol: 'udp',
  relayProtocol: 'tcp',
};
const REMOTE = { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' };
const PAIR = { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' };
const OTHER = { ...PAIR, id: 'Q', nominated: false, state: 'succeeded' };

test('reads the pair that the transport names, with the protocol towards the relay', ({ expect }) => {
  const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
  const inbound = {
    id: 'I',
    type: 'inbound-rtp',
    kind: 'audio',
    jitter: 0.0042,
    packetsReceived: 500,
    packetsLost: 3,
  };
  expect(
    readStats([transport, OTHER, { ...PAIR, currentRoundTripTime: 0.0314 }, LOCAL, REMOTE, inbound]),
  ).toEqual({
    icePair: { local: 'relay', remote: 'host', protocol: 'tcp' },
    roundTripMs: 31.4,
    jitterMs: 4.2,
    packetsReceived: 500,
    packetsLost: 3,
  });
});

test('reads the pair that is marked itself', ({ expect }) => {
  expect(readStats([OTHER, { ...PAIR, selected: true }, LOCAL, REMOTE]).icePair).not.toBeNull();
  expect(
    readStats([OTHER, { ...PAIR, nominated: true, state: 'succeeded' }, LOCAL, REMOTE]).icePair,
  ).not.toBeNull();
});

test('knows nothing before there is a pair', ({ expect }) => {
  const nothing = { icePair: null, roundTripMs: null, jitterMs: null, packetsReceived: 0, packetsLost: 0 };
  expect(readStats([OTHER])).toEqual(nothing);
  expect(readStats([])).toEqual(nothing);
});
