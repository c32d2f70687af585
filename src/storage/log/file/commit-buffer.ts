import { crc32 } from 'node:zlib';
import type { LogEntry, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import {
  type CommitHeader,
  commitHeaderBytes,
  paddedCommitBytes,
  writeCommitHeader,
} from './commit-header.ts';
import { recordBound, writeRecord } from './record-codec.ts';

/** A buffer that grew beyond this in a burst is given back. */
const keptBytes = 4 * 1024 * 1024;

/** One commit of a group, while it is filled. */
export interface CommitDraft {
  /** Byte of the group at which its header stands. */
  readonly start: number;
  payloadBytes: number;
  records: number;
  mark: Offset | undefined;
  readonly sources: Set<string>;
}

/**
 * One group: units are encoded where they will be written from. Grows when it must, and keeps its
 * memory between groups.
 */
export class CommitBuffer {
  #buffer: Buffer;
  readonly #firstBytes: number;
  readonly drafts: CommitDraft[] = [];
  #open: CommitDraft | undefined;
  #lastSource: string | undefined;
  /** Bytes used; what `write` has to write. */
  length = 0;

  constructor(firstBytes: number) {
    this.#firstBytes = firstBytes;
    this.#buffer = Buffer.allocUnsafeSlow(firstBytes);
  }

  get bytes(): Buffer {
    return this.#buffer;
  }

  /** Bytes that the sealed group will have. */
  get sealedBytes(): number {
    return this.length + 8;
  }

  /** Encodes one unit; it lands in one commit. Returns its place relative to the group's start. */
  add(entries: readonly LogEntry[], mark: Offset | undefined): number {
    let bound = commitHeaderBytes + 8;
    for (const entry of entries) bound += recordBound(entry);
    this.#reserve(bound);
    const draft = this.#draft();
    const first = this.length;
    for (const entry of entries) {
      this.length = writeRecord(this.#buffer, this.length, entry);
      if (entry.source !== this.#lastSource) {
        this.#lastSource = entry.source;
        draft.sources.add(entry.source);
      }
    }
    draft.records += entries.length;
    draft.payloadBytes = this.length - draft.start - commitHeaderBytes;
    if (mark !== undefined) draft.mark = mark;
    return first;
  }

  /**
   * Writes the headers for a group that will stand at `byte` of `file`. Returns the last mark, which
   * is `mark` when the group carries none.
   */
  seal(
    place: { readonly file: number; readonly byte: number; readonly salt: number },
    time: number,
    mark: Offset,
  ): Offset {
    this.#finishDraft();
    let carried = mark;
    for (const draft of this.drafts) {
      carried = draft.mark ?? carried;
      const payload = draft.start + commitHeaderBytes;
      const header: CommitHeader = {
        payloadBytes: draft.payloadBytes,
        records: draft.records,
        time,
        mark: carried,
        inGroup: draft.start,
        payloadCrc: crc32(this.#buffer.subarray(payload, payload + draft.payloadBytes)),
      };
      writeCommitHeader(
        this.#buffer,
        draft.start,
        { ...place, byte: place.byte + draft.start },
        header,
      );
    }
    return carried;
  }

  clear(): void {
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafeSlow(this.#firstBytes);
    this.length = 0;
    this.drafts.length = 0;
    this.#open = undefined;
  }

  #draft(): CommitDraft {
    const open = this.#open;
    if (open && open.payloadBytes < limits.logCommitBytes) return open;
    this.#finishDraft();
    const draft: CommitDraft = {
      start: this.length,
      payloadBytes: 0,
      records: 0,
      mark: undefined,
      sources: new Set(),
    };
    this.#lastSource = undefined;
    this.drafts.push(draft);
    this.#open = draft;
    this.length += commitHeaderBytes;
    return draft;
  }

  /** Pads the open commit; the buffer has room for it because each unit reserved it. */
  #finishDraft(): void {
    const open = this.#open;
    if (!open) return;
    const end = open.start + paddedCommitBytes(open.payloadBytes);
    this.#buffer.fill(0, this.length, end);
    this.length = end;
    this.#open = undefined;
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes + 8;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }
}
