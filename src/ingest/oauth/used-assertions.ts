import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';

/**
 * Where used assertions are kept over restarts: lines of text. All of it is called on the event loop's
 * thread; a call that fails throws.
 */
export interface AssertionFile {
  /** Every line, oldest first; a torn one may be among them. */
  read(): readonly string[];
  append(line: string): void;
  /** Whole or not at all. */
  replace(lines: readonly string[]): void;
}

/**
 * Remembers which assertions were used, until they are no longer accepted anyway, so that none is used twice.
 *
 * On disk a line is `<second from which it may be forgotten> <hash of app and jti>`. A use is written before its
 * token is given, so a process that ends in whatever way knows it at its next start; the file is not flushed,
 * as a machine whose power is cut takes about as long to return as an assertion lives. Lines that cannot be
 * read are skipped. Bounds: `limits.assertionsKept` entries; the file is written anew with the living ones at
 * the first use after a start and after every `limits.assertionsAppended` lines.
 */
export class UsedAssertions {
  readonly #clock: Clock;
  readonly #file: AssertionFile | undefined;
  /** Hash to the second from which it may be forgotten; about in the order of these. */
  #used: Map<string, number> | undefined;
  #appended = 0;

  constructor(clock: Clock, file: AssertionFile | undefined) {
    this.#clock = clock;
    this.#file = file;
  }

  /**
   * Marks an assertion, which expires at `expiresAt` (seconds), as used: `'used'` when it was before,
   * `'full'` when no more can be remembered. Throws when the file cannot be written: it counts as used then.
   */
  use(app: string, jti: string, expiresAt: number): 'fresh' | 'used' | 'full' {
    this.#used ??= this.#load();
    const used = this.#used;
    const now = this.#clock.now() / 1000;
    forget(used, now);
    const hash = createHash('sha256').update(`${app}\n${jti}`).digest('base64url').slice(0, 22);
    if (used.has(hash)) return 'used';
    if (used.size >= limits.assertionsKept) return 'full';
    const until = Math.ceil(expiresAt) + limits.assertionSkewSeconds + 1;
    used.set(hash, until);
    this.#keep(used, `${until} ${hash}`);
    return 'fresh';
  }

  #load(): Map<string, number> {
    const now = this.#clock.now() / 1000;
    const used = new Map<string, number>();
    for (const line of this.#file?.read() ?? []) {
      const [, until, hash] = /^(\d{1,12}) ([\w-]{22})$/.exec(line) ?? [];
      if (hash !== undefined && Number(until) > now) used.set(hash, Number(until));
    }
    this.#file?.replace(linesOf(used));
    return used;
  }

  #keep(used: ReadonlyMap<string, number>, line: string): void {
    if (this.#file === undefined) return;
    this.#appended += 1;
    if (this.#appended < limits.assertionsAppended) this.#file.append(line);
    else {
      this.#file.replace(linesOf(used));
      this.#appended = 0;
    }
  }
}

function linesOf(used: ReadonlyMap<string, number>): string[] {
  return Array.from(used, ([hash, until]) => `${until} ${hash}`);
}

/** From the oldest on; what expires before an older one stays a little longer. */
function forget(used: Map<string, number>, now: number): void {
  for (const [hash, until] of used) {
    if (until > now) return;
    used.delete(hash);
  }
}
