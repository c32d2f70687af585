import { isIPv4, isIPv6 } from 'node:net';

/**
 * The bytes of an address: 4 for IPv4, 16 for IPv6, undefined when `text` is neither. A zone
 * (`%eth0`) is left out: it never changes what an address is.
 */
export function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  const address = text.split('%', 1)[0] ?? '';
  if (!isIPv6(address)) return undefined;
  const [head = '', tail] = address.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const bytes = new Uint8Array(16);
  bytes.set(left, 0);
  bytes.set(right, 16 - right.length);
  return bytes;
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
