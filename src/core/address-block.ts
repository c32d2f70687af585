import { isIPv4, isIPv6 } from 'node:net';

/** Addresses that share their first `prefix` bits. */
export interface AddressBlock {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address. Undefined when it is neither. */
export function parseAddressBlock(text: string): AddressBlock | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || address.includes('%')) return undefined;
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (family === undefined) return undefined;
  const bits = family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { address, prefix: bits, family };
  const prefix = Number(length);
  return /^\d{1,3}$/.test(length) && prefix <= bits ? { address, prefix, family } : undefined;
}
