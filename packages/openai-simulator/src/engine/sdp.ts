import type { NetworkInterfaceInfo } from 'node:os';

export type OfferedAudio = {
  mid: string;
  opusPayloadType: number;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
};

export class InvalidOfferError extends Error {
  override name = 'InvalidOfferError';
}

const splitLines = (sdp: string): string[] => sdp.split(/\r\n|\n/).filter((line) => line !== '');

const joinLines = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

function findSection(lines: readonly string[], kind: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(`m=${kind} `));
  if (start === -1) throw new InvalidOfferError(`the offer has no ${kind} section`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('m='));
  return lines.slice(start, length === -1 ? undefined : start + 1 + length);
}

function findValue(lines: readonly string[], prefix: string): string | undefined {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}

function readDirection(section: readonly string[]): OfferedAudio['direction'] {
  const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
  return directions.find((direction) => section.includes(`a=${direction}`)) ?? 'sendrecv';
}

/** Reads what the answer depends on; throws {@link InvalidOfferError} saying what is missing. */
export function parseOffer(sdp: string): OfferedAudio {
  const lines = splitLines(sdp);
  if (lines[0] !== 'v=0') throw new InvalidOfferError('the description does not begin with v=0');
  const audio = findSection(lines, 'audio');
  findSection(lines, 'application');
  for (const attribute of ['a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:']) {
    if (findValue(lines, attribute) === undefined)
      throw new InvalidOfferError(`the offer has no ${attribute.slice(2, -1)}`);
  }
  const mid = findValue(audio, 'a=mid:');
  if (mid === undefined) throw new InvalidOfferError('the audio section has no mid');
  const opus = audio
    .map((line) => /^a=rtpmap:(\d+) opus\/48000/i.exec(line)?.[1])
    .find((type) => type !== undefined);
  if (opus === undefined) throw new InvalidOfferError('the audio section offers no Opus');
  return { mid, opusPayloadType: Number(opus), direction: readDirection(audio) };
}

/** Names that only the browser can resolve would cost a look-up each; the peer is found by its first packet anyway. */
export function dropUnresolvableCandidates(sdp: string): string {
  return joinLines(
    splitLines(sdp).filter((line) => !(line.startsWith('a=candidate:') && line.includes('.local '))),
  );
}

/** Adds 127.0.0.1 beside each address of the machine, so that a client without a network reaches us too. */
export function addLoopbackCandidate(answer: string): string {
  const lines = splitLines(answer);
  const index = lines.findIndex((line) =>
    /^a=candidate:\S+ 1 UDP \d+ \d+\.\d+\.\d+\.\d+ \d+ typ host/i.test(line),
  );
  const host = lines[index];
  if (host === undefined || lines.some((line) => /^a=candidate:.* 127\.0\.0\.1 /.test(line))) return answer;
  const [, , , priority = '1', , port = '9'] = host.split(' ');
  const loopback = `a=candidate:99 1 UDP ${Math.max(1, Number(priority) - 1)} 127.0.0.1 ${port} typ host`;
  return joinLines(lines.toSpliced(index + 1, 0, loopback));
}

export function dropCandidates(sdp: string): string {
  return joinLines(splitLines(sdp).filter((line) => !line.startsWith('a=candidate:')));
}

/** The address to bind: all of them, or loopback where the machine has nothing else to offer. */
export function chooseBindAddress(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string | undefined {
  const hasNetwork = Object.values(interfaces).some((list) =>
    list?.some((entry) => !entry.internal && entry.family === 'IPv4'),
  );
  return hasNetwork ? undefined : '127.0.0.1';
}
