import { isIP } from 'node:net';

/**
 * The address in what a proxy names a client with: `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`,
 * `[2001:db8::1]`, `[2001:db8::1]:5678` (RFC 7239 §6). Undefined for `unknown`, an obfuscated
 * identifier and whatever else is no address. A port and a zone are left out.
 */
export function nodeAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]*)\](?::[\w.-]*)?$/.exec(trimmed)?.[1];
  const dotted = /^([\d.]+):[\w.-]*$/.exec(trimmed)?.[1];
  const address = plainAddress((bracketed ?? dotted ?? trimmed).split('%', 1)[0]);
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  return address !== undefined && /^::ffff:[\d.]+$/i.test(address) ? address.slice(7) : address;
}
