import { assertIceUrls } from './ice-urls.ts';
import type { IceServer, TurnProvider } from './turn-provider.ts';

const DAY_SECONDS = 86_400;

/** A fixed list, as a rule STUN only. */
export function createStaticIceProvider(iceServers: readonly IceServer[]): TurnProvider {
  for (const server of iceServers) assertIceUrls(server.urls);
  return {
    name: 'static',
    maxTtlSeconds: DAY_SECONDS,
    isComputed: true,
    revocable: false,
    midSessionExpiry: 'survives',
    issue: () => Promise.resolve(iceServers.map((server) => ({ ...server, urls: [...server.urls] }))),
  };
}
