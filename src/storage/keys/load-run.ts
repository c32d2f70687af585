import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { KeyFilter } from './key-filter.ts';
import { blockKeys, Run } from './run.ts';
import { decodeFooter, decodeTrailer, keyBytes, trailerBytes } from './run-format.ts';

/** Bytes read at once; a piece is checked and indexed in a few milliseconds. */
const pieceBytes = 512 * 1_024;

/** Opens a run file, checking every byte of it; undefined when it is not whole. */
export async function loadRun(path: string): Promise<Run | undefined> {
  const handle = await open(path, 'r');
  const run = await readRun(path, handle);
  if (run === undefined) await handle.close();
  return run;
}

async function readRun(path: string, handle: FileHandle): Promise<Run | undefined> {
  const { size } = await handle.stat();
  const trailer = decodeTrailer(await read(handle, size - trailerBytes, trailerBytes));
  if (trailer === undefined) return undefined;
  const keysBytes = size - trailerBytes - trailer.footerBytes;
  if (keysBytes < 0 || keysBytes % keyBytes !== 0) return undefined;
  const count = keysBytes / keyBytes;
  const filter = new KeyFilter(count);
  const fences = new Uint32Array(Math.ceil(count / blockKeys));
  const buffer = Buffer.from(new ArrayBuffer(Math.min(pieceBytes, keysBytes)));
  let crc = 0;
  for (let at = 0; at < keysBytes; at += pieceBytes) {
    const piece = await readInto(buffer.subarray(0, keysBytes - at), handle, at);
    if (piece.length === 0) return undefined;
    crc = crc32(piece, crc);
    index(piece, at / keyBytes, filter, fences);
  }
  const text = await read(handle, keysBytes, trailer.footerBytes);
  if (crc32(text, crc) !== trailer.crc) return undefined;
  return new Run({ path, handle, footer: decodeFooter(text), filter, fences });
}

function index(piece: Buffer, first: number, filter: KeyFilter, fences: Uint32Array): void {
  const words = new Uint32Array(piece.buffer, piece.byteOffset, piece.length / 4);
  for (let at = 0; at < words.length; at += 2) {
    const hi = words[at] ?? 0;
    const key = first + at / 2;
    if (key % blockKeys === 0) fences[key / blockKeys] = hi;
    filter.add(hi, words[at + 1] ?? 0);
  }
}

function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  return readInto(Buffer.alloc(length), handle, at);
}

/** Fills the buffer; resolves with an empty one when the file does not have so many bytes. */
async function readInto(buffer: Buffer, handle: FileHandle, at: number): Promise<Buffer> {
  const none = buffer.subarray(0, 0);
  if (at < 0) return none;
  for (let done = 0; done < buffer.length; ) {
    const { bytesRead } = await handle.read(buffer, done, buffer.length - done, at + done);
    if (bytesRead === 0) return none;
    done += bytesRead;
  }
  return buffer;
}
