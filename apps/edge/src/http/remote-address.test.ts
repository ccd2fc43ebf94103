import { test } from 'vitest';

import { toNetwork } from './remote-address.ts';

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
