import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of a backup: its path below the backup's folder. */
export interface CopiedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const pieceBytes = 1024 * 1024;

/** Copies the first `bytes` of an open file, or all of it if it is shorter, to `<to>/<path>`, flushed. */
export async function copyHandle(
  from: FileHandle,
  bytes: number,
  to: string,
  path: string,
): Promise<CopiedFile> {
  const full = join(to, path);
  mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
  const target = await open(full, 'wx', 0o600);
  try {
    const copied = await walk(from, bytes, (piece) => target.writeFile(piece));
    await target.sync();
    return { path, ...copied };
  } finally {
    await target.close();
  }
}

/** Copies a file, flushed. */
export async function copyFile(from: string, to: string, path: string): Promise<CopiedFile> {
  const handle = await open(from, 'r');
  try {
    return await copyHandle(handle, Number.POSITIVE_INFINITY, to, path);
  } finally {
    await handle.close();
  }
}

/** Size and sum of a file that is there, which is flushed. */
export async function sumOf(folder: string, path: string): Promise<CopiedFile> {
  const handle = await open(join(folder, path), 'r+');
  try {
    await handle.sync();
    return { path, ...(await walk(handle, Number.POSITIVE_INFINITY, async () => {})) };
  } finally {
    await handle.close();
  }
}

async function walk(
  from: FileHandle,
  most: number,
  visit: (piece: Buffer) => Promise<void>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(pieceBytes);
  let bytes = 0;
  while (bytes < most) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(pieceBytes, most - bytes), bytes);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await visit(piece);
    bytes += bytesRead;
  }
  return { bytes, sha256: hash.digest('hex') };
}
