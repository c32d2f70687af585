import { BlockList } from 'node:net';
import { addressBytes } from '../../core/address-bytes.ts';

/**
 * Addresses that are refused whatever the configuration says: they hand out the credentials of the
 * machine (architecture, "Delivery").
 */
const metadataV4 = ['169.254.0.0/16'];
const metadataV6 = ['fd00:ec2::254/128'];

/** Private, shared, documentation, multicast and otherwise reserved ranges (IANA special-purpose registries). */
const privateV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const privateV6 = [
  '::/127',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** IPv6 ranges that carry an IPv4 address, and the byte it begins at: what is reached is that address. */
const carriers: readonly (readonly [prefix: readonly number[], at: number])[] = [
  // ::a.b.c.d (compatible), ::ffff:a.b.c.d (mapped), ::ffff:0:a.b.c.d (translated)
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 12],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255], 12],
  [[0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0], 12],
  // 64:ff9b::/96 (NAT64), 2002::/16 (6to4)
  [[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 12],
  [[0x20, 0x02], 2],
];

const always = blockList(metadataV4, metadataV6);
const unlessAllowed = blockList(privateV4, privateV6);

/**
 * Says why an address must not be connected to, or undefined when it may. `address` is a literal
 * IPv4 or IPv6 address; anything else is refused. Metadata addresses are refused always, private
 * and reserved ones unless `allowPrivate`.
 */
export function refusedTarget(address: string, allowPrivate: boolean): string | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return `${address} is not an address`;
  for (const reached of [bytes, carried(bytes)]) {
    if (reached === undefined) continue;
    const text = textOf(reached);
    const family = reached.length === 4 ? 'ipv4' : 'ipv6';
    if (always.check(text, family)) return `${address} is a metadata address`;
    if (!allowPrivate && unlessAllowed.check(text, family)) {
      return `${address} is a private or reserved address`;
    }
  }
  return undefined;
}

function carried(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length !== 16) return undefined;
  for (const [prefix, at] of carriers) {
    if (prefix.every((byte, index) => bytes[index] === byte)) return bytes.subarray(at, at + 4);
  }
  return undefined;
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const hex = Buffer.from(bytes).toString('hex');
  return (hex.match(/.{4}/g) ?? []).join(':');
}

function blockList(v4: readonly string[], v6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [ranges, family] of [
    [v4, 'ipv4'],
    [v6, 'ipv6'],
  ] as const) {
    for (const range of ranges) {
      const [network = '', prefix] = range.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
}
