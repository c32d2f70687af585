import type { LogEntry, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import { CommitBuffer } from './commit-buffer.ts';
import { assertEntry, recordHeaderBytes } from './record-codec.ts';

const firstBytes = 512 * 1024;

type Resolve = (offset: Offset) => void;
type Reject = (error: Error) => void;

/** One of the two groups: its bytes, and who waits for them. */
class Group {
  readonly buffer = new CommitBuffer(firstBytes);
  readonly resolves: Resolve[] = [];
  readonly rejects: Reject[] = [];
  /** Places of the units' first records, relative to the group. */
  readonly places: number[] = [];

  get units(): number {
    return this.places.length;
  }

  clear(): void {
    this.buffer.clear();
    this.resolves.length = 0;
    this.rejects.length = 0;
    this.places.length = 0;
  }
}

/** Two groups by turns: one gathers while the other is written. */
export class GroupQueue {
  #gathering = new Group();
  #writing = new Group();

  /** Encodes a unit. Undefined when too much waits already. */
  add(entries: readonly LogEntry[], mark: Offset | undefined): Promise<Offset> | undefined {
    let bytes = 0;
    for (const entry of entries) {
      assertEntry(entry);
      const { source, meta, body } = entry;
      bytes += recordHeaderBytes + source.length + meta.length + body.byteLength;
    }
    const waiting = this.#gathering.buffer.length + this.#writing.buffer.length;
    if (waiting + bytes > limits.logPendingBytes) return undefined;
    const group = this.#gathering;
    group.places.push(group.buffer.add(entries, mark));
    const promise = new Promise<Offset>(capture);
    group.resolves.push(captured.resolve);
    group.rejects.push(captured.reject);
    return promise;
  }

  /** The group to write next; undefined when nothing waits. Settle it before the next `take`. */
  take(): { readonly buffer: CommitBuffer; readonly units: number } | undefined {
    const group = this.#gathering;
    if (group.units === 0) return undefined;
    this.#gathering = this.#writing;
    this.#writing = group;
    return group;
  }

  /** Settles the group taken, which stands at offset `base`. */
  resolve(base: Offset): void {
    const { resolves, places } = this.#writing;
    for (let i = 0; i < places.length; i++) resolves[i]?.(base + (places[i] ?? 0));
    this.#writing.clear();
  }

  /** Settles the group taken and the one that gathers. */
  rejectAll(error: Error): void {
    for (const group of [this.#writing, this.#gathering]) {
      for (const reject of group.rejects) reject(error);
      group.clear();
    }
  }
}

/** `new Promise(capture)` leaves its two ends here, so that an append makes no closure of its own. */
const captured: { resolve: Resolve; reject: Reject } = {
  resolve: () => undefined,
  reject: () => undefined,
};

function capture(resolve: Resolve, reject: Reject): void {
  captured.resolve = resolve;
  captured.reject = reject;
}
