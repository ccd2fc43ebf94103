import type { EdgeContext } from './edge-context.ts';
import { type AddressBytes, isInNetwork, type Network, parseAddress } from './networks.ts';

/** An address in the two widths that are needed of it: nobody's whole address is kept in the audit. */
export type RemoteNetwork = {
  /** `192.0.2.0/24` or `2001:db8:1::/48`. */
  prefix: string;
  /** What a limit counts by: a whole IPv4 address, or the /64 that one IPv6 site has. */
  subject: string;
};

/**
 * Where a request comes from: Cloudflare's word on Workers; on Node the socket's peer, or whom a trusted proxy saw. What
 * a caller says about itself is never believed.
 */
export function readRemoteNetwork(c: EdgeContext): RemoteNetwork | null {
  const { incoming, hasConnectingIp = false } = c.env;
  if (hasConnectingIp) return toNetwork(c.req.header('cf-connecting-ip') ?? '');
  const peer = incoming?.socket.remoteAddress;
  if (peer === undefined) return null;
  const proxies = c.get('trustedProxies');
  if (proxies.length === 0) return toNetwork(peer);
  return toNetwork(findClient(peer, c.req.header('x-forwarded-for'), proxies));
}

/** Longer chains are made up. */
const MAX_HOPS = 32;

/** From the right, since each proxy appends whom it saw: the first one that is no proxy of ours, or the last one known. */
export function findClient(
  peer: string,
  forwardedFor: string | undefined,
  proxies: readonly Network[],
): string {
  const hops = (forwardedFor ?? '').split(',').slice(-MAX_HOPS);
  let client = peer;
  for (let hop = hops.pop(); hop !== undefined && isTrusted(client, proxies); hop = hops.pop()) {
    const address = withoutPort(hop.trim());
    if (parseAddress(address) === null) break;
    client = address;
  }
  return client;
}

function isTrusted(address: string, proxies: readonly Network[]): boolean {
  const bytes = parseAddress(address);
  return bytes !== null && proxies.some((network) => isInNetwork(bytes, network));
}

const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\])(?::\d{1,5})?$/;

function withoutPort(hop: string): string {
  const [, ipv4, ipv6] = WITH_PORT.exec(hop) ?? [];
  return ipv4 ?? ipv6 ?? hop;
}

/** Behind a proxy few addresses ask often; and each request asks more than once. */
const seen = new Map<string, RemoteNetwork | null>();
const MAX_SEEN = 1_000;

/** One form for each network, however its address is written; null for what is no address. */
export function toNetwork(address: string): RemoteNetwork | null {
  const known = seen.get(address);
  if (known !== undefined) return known;
  const network = readNetwork(address);
  if (seen.size >= MAX_SEEN) seen.clear();
  seen.set(address, network);
  return network;
}

function readNetwork(address: string): RemoteNetwork | null {
  const bytes = parseAddress(address);
  if (bytes === null) return null;
  if (bytes.length === 4) return { prefix: `${bytes.slice(0, 3).join('.')}.0/24`, subject: bytes.join('.') };
  return { prefix: `${formatGroups(bytes, 3)}::/48`, subject: `${formatGroups(bytes, 4)}::/64` };
}

function formatGroups(bytes: AddressBytes, count: number): string {
  return Array.from({ length: count }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  ).join(':');
}
