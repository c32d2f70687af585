import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Offset } from '../../../core/event-log.ts';
import { errorCode } from './error-code.ts';

/** What a writer tells the readers of other processes after each flush. Layout in `open-file-log-engine.ts`. */
export interface PublishedEnd {
  readonly end: Offset;
  readonly mark: Offset;
  /** Where the last group written begins: from here a recovery verifies. */
  readonly group: Offset;
}

const slotBytes = 40;
const name = 'end';

/** The writer's side. Writes are synchronous: some microseconds into the page cache. */
export class EndPublisher {
  readonly #fd: number;
  readonly #slot = Buffer.alloc(slotBytes);
  #sequence: number;

  constructor(folder: string) {
    this.#fd = openSync(join(folder, name), constants.O_RDWR | constants.O_CREAT, 0o640);
    this.#sequence = newestSlot(this.#fd)?.sequence ?? 0;
  }

  publish(end: Offset, mark: Offset, group: Offset): void {
    this.#sequence++;
    this.#slot.writeDoubleLE(this.#sequence, 0);
    this.#slot.writeDoubleLE(end, 8);
    this.#slot.writeDoubleLE(mark, 16);
    this.#slot.writeDoubleLE(group, 24);
    this.#slot.writeUInt32LE(crc32(this.#slot.subarray(0, 36)), 36);
    writeSync(this.#fd, this.#slot, 0, slotBytes, (this.#sequence % 2) * slotBytes);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** A reader's side. */
export class EndWord {
  readonly #path: string;
  #fd: number | undefined;

  constructor(folder: string) {
    this.#path = join(folder, name);
  }

  /** The newest end published; undefined when there is none. */
  read(): PublishedEnd | undefined {
    this.#fd ??= openIfThere(this.#path);
    return this.#fd === undefined ? undefined : newestSlot(this.#fd);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

interface Slot extends PublishedEnd {
  readonly sequence: number;
}

/** Slots are written in turn, so one torn by a concurrent write leaves the one before it. */
function newestSlot(fd: number): Slot | undefined {
  const bytes = Buffer.alloc(2 * slotBytes);
  const length = readSync(fd, bytes, 0, bytes.length, 0);
  let newest: Slot | undefined;
  for (let at = 0; at + slotBytes <= length; at += slotBytes) {
    if (crc32(bytes.subarray(at, at + 36)) !== bytes.readUInt32LE(at + 36)) continue;
    const sequence = bytes.readDoubleLE(at);
    if (sequence <= (newest?.sequence ?? 0)) continue;
    newest = {
      sequence,
      end: bytes.readDoubleLE(at + 8),
      mark: bytes.readDoubleLE(at + 16),
      group: bytes.readDoubleLE(at + 24),
    };
  }
  return newest;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
