import { createHash } from 'node:crypto';
import { limits } from '../../core/limits.ts';

const digestLength = 32;

/**
 * An id as the column `id` holds it: itself, unless it is too long for a text or has characters that no engine stores.
 * Then it is its beginning and a hash of the whole, so that different ids stay different.
 */
export function storedId(id: string): string {
  const most = limits.warehouseTextLength;
  if (id.length <= most && !id.includes('\u0000') && id.isWellFormed()) return id;
  const digest = createHash('sha256').update(id, 'utf16le').digest('hex').slice(0, digestLength);
  const start = id.slice(0, most - digestLength - 1).replaceAll('\u0000', '\ufffd');
  return `${start.toWellFormed()}#${digest}`;
}
