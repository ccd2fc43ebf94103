import type { EdgeContext } from './edge-context.ts';

/** An address in the two widths that are needed of it: nobody's whole address is kept in the audit. */
export type RemoteNetwork = {
  /** `192.0.2.0/24` or `2001:db8:1::/48`. */
  prefix: string;
  /** What a limit counts by: a whole IPv4 address, or the /64 that one IPv6 site has. */
  subject: string;
};

/**
 * Where a request comes from: the socket's peer on Node, Cloudflare's word on Workers. What a caller says about itself
 * (X-Forwarded-For and the like) is never believed.
 */
export function readRemoteNetwork(c: EdgeContext): RemoteNetwork | null {
  const { incoming, hasConnectingIp = false } = c.env;
  const address = hasConnectingIp ? c.req.header('cf-connecting-ip') : incoming?.socket.remoteAddress;
  return address === undefined ? null : toNetwork(address);
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV4_MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/** One form for each network, however its address is written; null for what is no address. */
export function toNetwork(address: string): RemoteNetwork | null {
  const octets = IPV4.exec(address)?.slice(1).map(Number);
  if (octets !== undefined) return toIpv4Network(octets);
  const canonical = canonicalizeIpv6(address);
  if (canonical === null) return null;
  const [, high, low] = IPV4_MAPPED.exec(canonical) ?? [];
  if (high !== undefined && low !== undefined) return toIpv4Network([...toOctets(high), ...toOctets(low)]);
  const groups = expandGroups(canonical);
  return { prefix: `${groups.slice(0, 3).join(':')}::/48`, subject: `${groups.slice(0, 4).join(':')}::/64` };
}

function toIpv4Network(octets: readonly number[]): RemoteNetwork | null {
  if (octets.some((octet) => octet > 255)) return null;
  return { prefix: `${octets.slice(0, 3).join('.')}.0/24`, subject: octets.join('.') };
}

function toOctets(group: string): [number, number] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}

/** The URL parser knows all ways to write one. */
function canonicalizeIpv6(address: string): string | null {
  const url = `http://[${address.replace(/%.*$/, '')}]`;
  return address.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null;
}

function expandGroups(canonical: string): string[] {
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  const missing = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...missing, ...after];
}
