/** 4 bytes or 16; an IPv4 address in IPv6 clothes is an IPv4 address. */
export type AddressBytes = readonly number[];

/** All addresses that begin with these bits. */
export type Network = { bytes: AddressBytes; bits: number };

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const MAPPED_PREFIX: AddressBytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

/** However it is written; null for what is no address. */
export function parseAddress(text: string): AddressBytes | null {
  const octets = IPV4.exec(text)?.slice(1).map(Number);
  if (octets !== undefined) return octets.every((octet) => octet <= 255) ? octets : null;
  const canonical = canonicalizeIpv6(text);
  if (canonical === null) return null;
  const bytes = expandGroups(canonical).flatMap(toOctets);
  const isMapped = MAPPED_PREFIX.every((byte, index) => bytes[index] === byte);
  return isMapped ? bytes.slice(MAPPED_PREFIX.length) : bytes;
}

/** `10.0.0.0/8`, `2001:db8::/32` or one address; null for anything else, and where bits are set beyond the length. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...rest] = text.split('/');
  const bytes = parseAddress(address);
  if (bytes === null || rest.length > 0) return null;
  const most = bytes.length * 8;
  if (length === undefined) return { bytes, bits: most };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  // A mapped network is written with the length of an IPv6 one, and would mean another one here.
  if (!(bits <= most) || (most === 32 && address.includes(':'))) return null;
  const isWhole = bytes.every((byte, index) => (byte & ~maskOf(bits, index) & 255) === 0);
  return isWhole ? { bytes, bits } : null;
}

export function isInNetwork(address: AddressBytes, { bytes, bits }: Network): boolean {
  if (address.length !== bytes.length) return false;
  return bytes.every(
    (byte, index) => (byte & maskOf(bits, index)) === ((address[index] ?? 0) & maskOf(bits, index)),
  );
}

/** Which bits of a byte belong to the network. */
function maskOf(bits: number, index: number): number {
  const within = Math.min(8, Math.max(0, bits - index * 8));
  return (255 << (8 - within)) & 255;
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
