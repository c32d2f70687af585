import type { LogEntry, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';

/** One append: what it says, and who waits for it. */
export interface Unit {
  readonly entries: readonly LogEntry[];
  readonly mark: Offset | undefined;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<Offset>;
}

/** What a record takes beside its body and texts, about. */
const recordOverhead = 64;

/** Appends that wait for the batch under way. Their bytes are bounded. */
export class UnitQueue {
  #units: Unit[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#units.length === 0;
  }

  /** Copies the entries. Undefined when too much waits already. */
  add(entries: readonly LogEntry[], mark: Offset | undefined): Promise<Offset> | undefined {
    const bytes = entries.reduce((sum, { meta, body }) => sum + meta.length + body.length, 0);
    const size = bytes + recordOverhead * (entries.length + 1);
    if (this.#bytes + size > limits.logPendingBytes && this.#units.length > 0) return undefined;
    const done = Promise.withResolvers<Offset>();
    const copied = entries.map((entry) => ({ ...entry, body: Buffer.from(entry.body) }));
    this.#units.push({ entries: copied, mark, bytes: size, done });
    this.#bytes += size;
    return done.promise;
  }

  /** The units of the next batch: as many as wait, up to about `limits.logCommitBytes`, at least one. */
  take(): readonly Unit[] {
    let bytes = 0;
    let count = 0;
    for (const unit of this.#units) {
      if (count > 0 && bytes + unit.bytes > limits.logCommitBytes) break;
      bytes += unit.bytes;
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#units.splice(0, count);
  }

  rejectAll(error: Error): void {
    for (const { done } of this.take()) done.reject(error);
    if (!this.isEmpty) this.rejectAll(error);
  }
}
