import assert from 'node:assert/strict';
import { limits } from '../../core/limits.ts';

const partBytes = 200;
/** Names of files that an engine keeps for itself. */
export const ownPrefix = '.tributary';

/** Keys are made by our own code: a bad one is a bug. */
export function checkKey(key: string): void {
  assert(Buffer.byteLength(key) <= limits.objectKeyBytes, `a key is too long: ${key}`);
  for (const part of key.split('/')) assert(isPart(part), `not a key: ${JSON.stringify(key)}`);
}

function isPart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || part.startsWith(ownPrefix)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u001f\u007f\\]/.test(part) && Buffer.byteLength(part) <= partBytes;
}
