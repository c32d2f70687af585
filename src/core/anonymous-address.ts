import { addressBytes } from './address-bytes.ts';

/**
 * An address that no longer names one person: the last octet of IPv4 and the last 80 bits of IPv6 are
 * zero, as analytics tools usually do it. An IPv4 address in IPv6 clothes becomes plain IPv4. Undefined
 * when `text` is no address: what cannot be anonymised must not be kept.
 */
export function anonymousAddress(text: string): string | undefined {
  const bytes = addressBytes(text.trim());
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return ipv4(bytes);
  if (isMapped(bytes)) return ipv4(bytes.subarray(12));
  const groups = [0, 2, 4].map((at) =>
    (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16),
  );
  while (groups.at(-1) === '0') groups.pop();
  return `${groups.join(':')}::`;
}

function ipv4(bytes: Uint8Array): string {
  return `${bytes[0]}.${bytes[1]}.${bytes[2]}.0`;
}

/** `::ffff:a.b.c.d` */
function isMapped(bytes: Uint8Array): boolean {
  return (
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  );
}
