import { createHash, createHmac, getHashes } from 'node:crypto';
import type { Json } from '../json.ts';
import { isSealed } from '../secret-box.ts';
import type { HashConfig } from './transformation-config.ts';

/** The names under which hashes are known here: clients write them in both cases and with a hyphen. */
export const hashAlgorithms = ['MD5', 'SHA1', 'SHA256', 'SHA512'] as const;

/** The algorithm as we name it; undefined when there is none of that name. */
export function hashAlgorithm(name: string): (typeof hashAlgorithms)[number] | undefined {
  const plain = name.toUpperCase().replaceAll(/[-_]/g, '');
  return hashAlgorithms.find((algorithm) => algorithm === plain);
}

/**
 * Makes the digest of a value: of a text as it is, of other values their JSON. Null stays null: there is nothing to
 * hide. Undefined when the configuration is none that works here.
 */
export function valueHash({
  algorithm,
  key,
  encoding,
}: HashConfig): ((value: Json) => Json) | undefined {
  const name = hashAlgorithm(algorithm)?.toLowerCase();
  if (name === undefined || !getHashes().includes(name) || isSealed(key)) return undefined;
  return (value) => {
    if (value === null) return null;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const hash = key === undefined || key === '' ? createHash(name) : createHmac(name, key);
    hash.update(text);
    if (encoding === 'BASE64') return hash.digest('base64');
    if (encoding === 'BASE64URL') return hash.digest('base64url');
    const hex = hash.digest('hex');
    return encoding === 'BASE16' ? hex.toUpperCase() : hex;
  };
}
