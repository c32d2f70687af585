/** Where randomness comes from: `length` random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A resource id: 22 characters of base58, 128 bits of randomness (spec public-api §5). */
export function newId(random: RandomBytes): string {
  return pick(random, base58, 22);
}

/**
 * A write key: 32 letters and digits (spec public-api §6). That of a source with a region shows it:
 * `eu_` before them, so that the deployments of other regions can say why they refuse it.
 */
export function newWriteKey(random: RandomBytes, region: string | null = null): string {
  const key = pick(random, alphanumeric, 32);
  return region === null ? key : `${region}_${key}`;
}

/** An access token: recognisable in a leak scan, 238 bits of randomness. */
export function newToken(random: RandomBytes): string {
  return `trb_${pick(random, alphanumeric, 40)}`;
}

/** Every character equally likely: bytes beyond the last whole multiple of the alphabet are thrown away. */
function pick(random: RandomBytes, alphabet: string, length: number): string {
  const most = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random(length * 2)) {
      if (byte < most && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
