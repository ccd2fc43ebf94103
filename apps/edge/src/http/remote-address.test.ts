import { test } from 'vitest';

import { parseNetwork } from './networks.ts';
import { findClient, toNetwork } from './remote-address.ts';

for (const { address, prefix, subject } of [
  { address: '203.0.113.77', prefix: '203.0.113.0/24', subject: '203.0.113.77' },
  { address: '::ffff:203.0.113.77', prefix: '203.0.113.0/24', subject: '203.0.113.77' },
  { address: '::FFFF:CB00:714D', prefix: '203.0.113.0/24', subject: '203.0.113.77' },
  {
    address: '2001:DB8:0001:0002:0003:0004:0005:0006',
    prefix: '2001:db8:1::/48',
    subject: '2001:db8:1:2::/64',
  },
  { address: '2001:db8:1:2::9', prefix: '2001:db8:1::/48', subject: '2001:db8:1:2::/64' },
  { address: 'fe80::1%eth0', prefix: 'fe80:0:0::/48', subject: 'fe80:0:0:0::/64' },
  { address: '::1', prefix: '0:0:0::/48', subject: '0:0:0:0::/64' },
]) {
  test(`${address} is of ${prefix} and counts as ${subject}`, ({ expect }) => {
    expect(toNetwork(address)).toEqual({ prefix, subject });
  });
}

for (const text of ['', 'localhost', '300.1.1.1', '1.2.3', ':::', '1.2.3.4, 5.6.7.8', '[::1]:80']) {
  test(`${JSON.stringify(text)} is no address`, ({ expect }) => {
    expect(toNetwork(text)).toBeNull();
  });
}

const PROXIES = ['10.0.0.0/8', '2001:db8:f::/48'].flatMap((text) => parseNetwork(text) ?? []);

for (const { name, peer, forwarded, client } of [
  { name: 'a stranger is not believed', peer: '203.0.113.7', forwarded: '192.0.2.1', client: '203.0.113.7' },
  { name: 'a proxy of ours is', peer: '10.1.2.3', forwarded: '192.0.2.1', client: '192.0.2.1' },
  { name: 'also in IPv6 clothes', peer: '::ffff:10.1.2.3', forwarded: '192.0.2.1', client: '192.0.2.1' },
  {
    name: 'what a caller put in front of it is not',
    peer: '10.1.2.3',
    forwarded: '198.51.100.9, 192.0.2.1',
    client: '192.0.2.1',
  },
  {
    name: 'a chain of proxies is followed to its end',
    peer: '10.1.2.3',
    forwarded: '198.51.100.9, 192.0.2.1, 2001:db8:f::5, 10.9.9.9',
    client: '192.0.2.1',
  },
  { name: 'a port is left out', peer: '10.1.2.3', forwarded: '192.0.2.1:4711', client: '192.0.2.1' },
  { name: 'so is one of IPv6', peer: '10.1.2.3', forwarded: '[2001:db8::7]:4711', client: '2001:db8::7' },
  { name: 'nonsense ends the chain', peer: '10.1.2.3', forwarded: '192.0.2.1, unknown', client: '10.1.2.3' },
  { name: 'without the field it is the proxy', peer: '10.1.2.3', forwarded: undefined, client: '10.1.2.3' },
]) {
  test(`security 78: ${name}`, ({ expect }) => {
    expect(findClient(peer, forwarded, PROXIES)).toBe(client);
  });
}

for (const text of ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1', '0.0.0.0/0']) {
  test(`${text} is a network`, ({ expect }) => {
    expect(parseNetwork(text)).not.toBeNull();
  });
}

for (const text of [
  '10.0.0.1/8',
  '10.0.0.0/33',
  '2001:db8::/129',
  '10.0.0.0/8/8',
  'proxy',
  '10.0.0.0/',
  '',
]) {
  test(`${JSON.stringify(text)} is no network`, ({ expect }) => {
    expect(parseNetwork(text)).toBeNull();
  });
}
