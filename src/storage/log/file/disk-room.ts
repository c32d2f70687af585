import { statfs } from 'node:fs/promises';
import type { Clock } from '../../../core/clock.ts';
import { limits } from '../../../core/limits.ts';
import type { Logger } from '../../../core/logger.ts';

/** Free and total bytes of the disk that holds `dir`, as an unprivileged process may use them. */
export type MeasureDisk = (
  dir: string,
) => Promise<{ readonly free: number; readonly total: number }>;

/** The reserve that writing leaves free. */
export interface RoomOptions {
  /** Share of the disk; default `limits.diskReserveRatio`. */
  readonly ratio?: number;
  /** Its least size in bytes; default `limits.diskReserveBytes`. */
  readonly bytes?: number;
  readonly measure?: MeasureDisk;
}

const measureEveryMs = 1000;

/**
 * Knows whether more than the reserve is free. Asked often, it measures at most once a second. While there is
 * no room it measures by itself: a client that comes back after long is not refused for an old figure.
 */
export class DiskRoom {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: Required<RoomOptions>;
  #measured = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | undefined;
  #hasRoom = true;
  #isClosed = false;
  #cancelNext: (() => void) | undefined;

  constructor(dir: string, clock: Clock, logger: Logger, options: RoomOptions) {
    this.#dir = dir;
    this.#clock = clock;
    this.#logger = logger;
    this.#options = {
      ratio: limits.diskReserveRatio,
      bytes: limits.diskReserveBytes,
      measure: measureDisk,
      ...options,
    };
  }

  hasRoom(): boolean {
    if (this.#clock.monotonic() - this.#measured >= measureEveryMs) void this.measure();
    return this.#hasRoom;
  }

  /** Measures now, unless that is being done; never rejects. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  /** It measures no more by itself. */
  close(): void {
    this.#isClosed = true;
    this.#cancelNext?.();
  }

  async #measure(): Promise<void> {
    this.#cancelNext?.();
    this.#measured = this.#clock.monotonic();
    const { ratio, bytes, measure } = this.#options;
    try {
      const { free, total } = await measure(this.#dir);
      this.#hasRoom = free > Math.max(bytes, ratio * total);
    } catch (error) {
      // Without a figure the last one stands: a full disk still refuses the write itself.
      this.#logger.warn({ err: error }, 'the free space of the log disk could not be measured');
    }
    if (this.#hasRoom || this.#isClosed) return;
    this.#cancelNext = this.#clock.after(measureEveryMs, () => void this.measure());
  }
}

async function measureDisk(dir: string) {
  const { bavail, blocks, bsize } = await statfs(dir);
  return { free: bavail * bsize, total: blocks * bsize };
}
