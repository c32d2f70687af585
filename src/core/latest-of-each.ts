import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

export interface LatestOfEachDeps<Item> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many items of a key are kept until they are written; older ones make room. */
  readonly keep: number;
  /** Items are written at most this often. */
  readonly everyMs: number;
  /** What the log says when they cannot be written: they are lost then. */
  readonly lost: string;
  /** Of one key, the newest last. Never called twice at a time. */
  write(key: string, items: readonly Item[]): Promise<void>;
}

/**
 * What people may want to read later, on the hot path of what happens now: the last items of each key are kept in memory and
 * written now and then, apart from what noted them. What was not written when the process died is missing.
 */
export class LatestOfEach<Item> {
  readonly #deps: LatestOfEachDeps<Item>;
  readonly #pending = new Map<string, Item[]>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: LatestOfEachDeps<Item>) {
    this.#deps = deps;
  }

  /** Cheap; after `stop` it does nothing. */
  note(key: string, item: Item): void {
    if (this.#isStopped) return;
    const { clock, keep, everyMs } = this.#deps;
    const items = this.#pending.get(key) ?? [];
    if (items.length === keep) items.shift();
    items.push(item);
    this.#pending.set(key, items);
    this.#cancel ??= clock.after(everyMs, () => this.#start());
  }

  /** What is pending of a key is not written; resolves when nothing of it is being written either. */
  forget(key: string): Promise<void> {
    this.#pending.delete(key);
    return this.#writing;
  }

  /** Writes what is pending. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#start();
    return this.#writing;
  }

  #start(): void {
    this.#cancel = undefined;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    const { write, logger, lost } = this.#deps;
    try {
      for (const [key, items] of pending) {
        await write(key, items);
        // An embedded store writes on this thread: other work comes between two keys.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (err) {
      logger.warn({ err }, lost);
    }
  }
}
