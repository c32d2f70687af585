import { TributaryError } from '../../../core/errors.ts';

const megabyte = 1024 * 1024;
/** What a column takes while it is loaded: DuckDB works on 2,048 rows at a time, in several places at once. */
const bytesOfColumn = 400 * 1024;
/** Tables of more columns get more. */
const usualColumns = 200;

/** What DuckDB may hold while it loads tables of usual width; beyond, it uses the disk. */
export const usualMemory = 24 * megabyte;
/** While a query runs, or a log beside the file is read when it is opened. */
export const queryMemory = 112 * megabyte;

/**
 * While what is held is written into the file: a checkpoint that lacked memory would leave DuckDB unusable. It takes of it what
 * it needs, tens of megabytes.
 */
const relievingMemory = 2_048 * megabyte;

/** Work for which the memory did not suffice is tried again with so many times more, and in parts of so many rows. */
const attempts = [
  { times: 1, rows: Number.POSITIVE_INFINITY },
  { times: 2, rows: 1_000 },
  { times: 4, rows: 250 },
  { times: 16, rows: 100 },
  { times: 64, rows: 50 },
] as const;

export interface EngineMemoryOptions {
  /** Bytes without anybody's demand. */
  readonly usual: number;
  /** Sets the bound. Rejects when more is held than it allows, and the old bound stays. */
  set(limit: string): Promise<unknown>;
  /** Writes what is held into the file, if that can be done just now. */
  relieve(): Promise<void>;
}

/** The bound of what DuckDB holds in memory: the usual, or the highest of what is demanded just now. */
export class EngineMemory {
  readonly #options: EngineMemoryOptions;
  readonly #demands: number[] = [];
  #bound = 0;
  #adjusting: Promise<void> = Promise.resolve();

  constructor(options: EngineMemoryOptions) {
    this.#options = options;
  }

  /** What was committed goes into the file when it takes so many bytes. */
  get relieveAt(): number {
    return 0.6 * this.#options.usual;
  }

  /** Does it with `bytes` at the least. */
  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const release = await this.demand(bytes);
    try {
      return await work();
    } finally {
      await release();
    }
  }

  /** There are `bytes` at the least until what it resolves with is called. */
  async demand(bytes: number): Promise<() => Promise<void>> {
    this.#demands.push(bytes);
    await this.adjust();
    return async () => {
      this.#demands.splice(this.#demands.indexOf(bytes), 1);
      await this.adjust();
    };
  }

  /**
   * Does it with what tables of so many columns take, and again with more when that does not suffice. `work` leaves nothing
   * when it fails, and puts at most `rows` at once into a table.
   */
  async sufficing<T>(columns: number, work: (rows: number) => Promise<T>): Promise<T> {
    const { usual } = this.#options;
    const wanted = usual + (columns > usualColumns ? columns * bytesOfColumn : 0);
    const [first, ...others] = attempts;
    let failure: unknown;
    for (const { times, rows } of [first, ...others]) {
      try {
        return await this.hold(wanted * times, () => work(rows));
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        failure = error;
        await this.relieve();
      }
    }
    throw failure;
  }

  /** Writes what is held into the file. */
  async relieve(): Promise<void> {
    await this.hold(relievingMemory, () => this.#options.relieve());
  }

  /** Where more is held than the bound would allow, a higher one stays until the next time. */
  async adjust(): Promise<void> {
    const adjusted = this.#adjusting.then(() => this.#adjust());
    // A failure is of the one that asked.
    this.#adjusting = adjusted.catch(() => undefined);
    await adjusted;
  }

  async #adjust(): Promise<void> {
    const bound = Math.max(this.#options.usual, ...this.#demands);
    if (bound === this.#bound || (await this.#set(bound))) return;
    await this.#set(relievingMemory);
    await this.#options.relieve();
    await this.#set(bound);
  }

  /** False when more is held than that. */
  async #set(bound: number): Promise<boolean> {
    try {
      await this.#options.set(`${Math.ceil(bound / 1024)}KiB`);
    } catch (error) {
      if (isOutOfMemory(error)) return false;
      throw error;
    }
    this.#bound = bound;
    return true;
  }
}

/** Whether DuckDB says that its bound of memory did not suffice. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof TributaryError && /out of memory/i.test(error.message);
}
