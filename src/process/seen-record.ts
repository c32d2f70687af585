import type { Offset } from '../core/event-log.ts';
import type { SeenMeta } from '../core/records.ts';
import type { KeyList } from './key-list.ts';

/** Bytes of a key: high half, low half, receivedAt as 40 bits of milliseconds since 2020, little-endian. */
const keyBytes = 13;
const epoch = Date.UTC(2020, 0, 1);
const mostTime = 2 ** 40 - 1;

/** The body of a `keys` record of `seen`. A receivedAt outside 2020 to 2054 is kept as the nearest of these. */
export function packKeys(keys: KeyList): Buffer {
  const body = Buffer.allocUnsafe(keys.length * keyBytes);
  for (let index = 0; index < keys.length; index++) {
    const at = index * keyBytes;
    body.writeUInt32LE(keys.hi(index), at);
    body.writeUInt32LE(keys.lo(index), at + 4);
    const time = Math.min(Math.max(keys.receivedAt(index) - epoch, 0), mostTime);
    body.writeUIntLE(time, at + 8, 5);
  }
  return body;
}

/** Calls `visit` for each key of a record's body; a torn last key is left out. */
export function unpackKeys(
  body: Buffer,
  visit: (hi: number, lo: number, receivedAt: number) => void,
): void {
  for (let at = 0; at + keyBytes <= body.length; at += keyBytes) {
    visit(body.readUInt32LE(at), body.readUInt32LE(at + 4), epoch + body.readUIntLE(at + 8, 5));
  }
}

export function seenMeta(from: Offset, to: Offset): string {
  const meta: SeenMeta = { from, to };
  return JSON.stringify(meta);
}

export function parseSeenMeta(text: string): SeenMeta {
  return JSON.parse(text) as SeenMeta;
}
