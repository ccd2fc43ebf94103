import type { Broker, MintedSecret } from '../broker/broker.ts';
import { RealtimeError } from '../errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { SessionWarning } from '../session/events.ts';
import type { RealtimeSessionOptions } from '../session/options.ts';

/** How much longer than the mint a call may wait for TURN servers that it can do without. */
const ICE_SERVERS_PATIENCE_MS = 2_500;

type TokenRequest = {
  options: RealtimeSessionOptions;
  clock: Clock;
  /** Also called when the secret comes after the attempt was given up. */
  onMinted: (secret: MintedSecret) => void;
  warn: (warning: SessionWarning) => void;
};

export type TokenGrant = { secret: MintedSecret; iceServers: RTCIceServer[] };

/** Asks the broker for a secret and, at the same time, for ICE servers; only `relay` cannot do without the latter. */
export async function requestToken({ options, clock, onMinted, warn }: TokenRequest): Promise<TokenGrant> {
  const { broker, session, ttlSeconds } = options;
  const servers = findIceServers(broker, options.iceServers);
  const secret = await broker.mint({
    ...(session === undefined ? {} : { session }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  });
  onMinted(secret);
  const found = await waitBriefly(clock, servers);
  const isRelayOnly = options.iceTransportPolicy === 'relay';
  if (found instanceof RealtimeError) {
    if (isRelayOnly) throw found;
    warn({ code: 'ice_servers_unavailable', error: found });
    return { secret, iceServers: [] };
  }
  if (isRelayOnly && !found.some(isTurnServer))
    throw new RealtimeError('turn_unavailable', 'There is no TURN server');
  return { secret, iceServers: found };
}

function isTurnServer({ urls }: RTCIceServer): boolean {
  return [urls].flat().some((url) => url.startsWith('turn'));
}

async function findIceServers(
  broker: Broker,
  own: RTCIceServer[] | undefined,
): Promise<RTCIceServer[] | RealtimeError> {
  if (own) return own;
  try {
    const { iceServers } = await broker.issueIceServers();
    return iceServers;
  } catch (cause) {
    return cause instanceof RealtimeError
      ? cause
      : new RealtimeError('turn_unavailable', 'No ICE servers', { cause });
  }
}

async function waitBriefly<T>(clock: Clock, servers: Promise<T>): Promise<T | RealtimeError> {
  let stopTimer: (() => void) | undefined;
  const tooLate = new Promise<RealtimeError>((resolve) => {
    const error = new RealtimeError('turn_unavailable', 'The broker took too long to name ICE servers');
    stopTimer = clock.startTimer(ICE_SERVERS_PATIENCE_MS, () => resolve(error));
  });
  try {
    return await Promise.race([servers, tooLate]);
  } finally {
    stopTimer?.();
  }
}
