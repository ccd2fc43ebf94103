import type { IcePair } from '../broker/broker.ts';
import type { ConnectionStats } from '../session/events.ts';

type Report = Readonly<Record<string, unknown>>;

/** Reads a stats report (`RTCStatsReport`, or any map by id): the selected pair and the quality of the incoming audio. */
export function readStats(report: { forEach(visit: (value: unknown) => void): void }): ConnectionStats {
  const byId = new Map<unknown, Report>();
  report.forEach((value) => {
    if (isReport(value)) byId.set(value['id'], value);
  });
  const all = [...byId.values()];
  const pair = findSelectedPair(all, byId);
  const inbound = all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
  return {
    icePair: pair ? readPair(pair, byId) : null,
    roundTripMs: toMs(pair?.['currentRoundTripTime']),
    jitterMs: toMs(inbound?.['jitter']),
    packetsReceived: toCount(inbound?.['packetsReceived']),
    packetsLost: toCount(inbound?.['packetsLost']),
  };
}

/** Chromium and Safari name the pair in the transport; Firefox marks the pair itself. */
function findSelectedPair(all: readonly Report[], byId: ReadonlyMap<unknown, Report>): Report | undefined {
  const transport = all.find(({ type }) => type === 'transport');
  return (
    byId.get(transport?.['selectedCandidatePairId']) ??
    all.find(({ type, selected }) => type === 'candidate-pair' && selected === true) ??
    all.find(
      ({ type, nominated, state }) =>
        type === 'candidate-pair' && nominated === true && state === 'succeeded',
    )
  );
}

function readPair(pair: Report, byId: ReadonlyMap<unknown, Report>): IcePair | null {
  const local = byId.get(pair['localCandidateId']);
  const remote = byId.get(pair['remoteCandidateId']);
  if (!local || !remote) return null;
  // With a relay the interesting leg is the one to the TURN server.
  const protocol = local['relayProtocol'] ?? local['protocol'];
  return {
    local: String(local['candidateType']),
    remote: String(remote['candidateType']),
    protocol: String(protocol),
  };
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'id' in value;
}

function toMs(seconds: unknown): number | null {
  return typeof seconds === 'number' ? Math.round(seconds * 10_000) / 10 : null;
}

function toCount(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
