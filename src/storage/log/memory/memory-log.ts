import type { LogRecord, Offset } from '../../../core/event-log.ts';

export interface MemoryLogOptions {
  /** Stamps commits. */
  readonly clock: { now(): number };
  /** What `hasRoom` answers; default true. */
  readonly hasRoom?: () => boolean;
  /** True: the next commit fails as a disk would, with `log_unavailable`. Asked once per append. */
  readonly failing?: () => boolean;
}

interface Commit {
  readonly start: Offset;
  readonly end: Offset;
  readonly time: number;
  readonly records: readonly LogRecord[];
  readonly bytes: number;
}

/** The records of one log, and who waits for more. */
export class MemoryLog {
  commits: Commit[] = [];
  end: Offset = 1;
  mark: Offset = 0;
  locked = false;
  readonly #waiting = new Set<(closed: boolean) => void>();

  get start(): Offset {
    return this.commits.at(0)?.start ?? this.end;
  }

  add(commit: Commit): void {
    this.commits.push(commit);
    this.end = commit.end;
    for (const wake of this.#waiting) wake(false);
  }

  /** Calls `wake` after each commit until it is taken off. */
  onCommit(wake: (closed: boolean) => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** The engine closes: nobody waits any longer. */
  wakeAll(): void {
    for (const wake of this.#waiting) wake(true);
  }

  /** The commits that end behind `offset`. */
  from(offset: Offset): readonly Commit[] {
    const first = this.commits.findIndex((commit) => commit.end > offset);
    return first < 0 ? [] : this.commits.slice(first);
  }

  trim(before: Offset): Offset {
    this.commits = this.#after(before);
    return this.start;
  }

  startAfterTrim(before: Offset): Offset {
    return this.#after(before).at(0)?.start ?? this.end;
  }

  /** What a trim leaves: never nothing. */
  #after(before: Offset): Commit[] {
    const kept = this.commits.findIndex((commit) => commit.end > before);
    return this.commits.slice(kept < 0 ? -1 : kept);
  }

  usage(): { bytes: number; oldest: number | undefined } {
    let bytes = 0;
    for (const commit of this.commits) bytes += commit.bytes;
    return { bytes, oldest: this.commits.at(0)?.time };
  }

  offsetKeeping(bytes: number): Offset {
    let total = 0;
    let start = this.commits.at(-1)?.start ?? this.end;
    for (const commit of this.commits.toReversed()) {
      total += commit.bytes;
      if (total > bytes && commit.start !== start) break;
      start = commit.start;
    }
    return start;
  }
}
