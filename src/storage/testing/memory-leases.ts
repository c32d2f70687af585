import type { Lease, Leases } from '../../core/lease.ts';

/** Leases that several want, in memory: none runs out before the test says so. */
export class MemoryLeases implements Leases {
  readonly #held = new Map<string, AbortController>();
  readonly #epochs = new Map<string, number>();
  readonly #free = new Map<string, PromiseWithResolvers<void>>();

  /** The names of those that are taken. */
  get held(): readonly string[] {
    return [...this.#held.keys()];
  }

  async tryTake(name: string): Promise<Lease | undefined> {
    return this.#held.has(name) ? undefined : this.#give(name);
  }

  async take(name: string, stop?: AbortSignal): Promise<Lease> {
    for (;;) {
      stop?.throwIfAborted();
      if (!this.#held.has(name)) return this.#give(name);
      const free = this.#free.get(name) ?? Promise.withResolvers<void>();
      this.#free.set(name, free);
      const stopped = new Promise<void>((_, reject) => {
        stop?.addEventListener('abort', () => reject(stop.reason), { once: true });
      });
      await Promise.race([free.promise, stopped]);
    }
  }

  /** Its holder's time is over, and another has taken it. */
  steal(name: string): Lease {
    this.#held.get(name)?.abort();
    return this.#give(name);
  }

  #give(name: string): Lease {
    const lost = new AbortController();
    const epoch = (this.#epochs.get(name) ?? 0) + 1;
    this.#epochs.set(name, epoch);
    this.#held.set(name, lost);
    const release = async () => {
      lost.abort();
      if (this.#held.get(name) !== lost) return;
      this.#held.delete(name);
      this.#free.get(name)?.resolve();
      this.#free.delete(name);
    };
    return { name, epoch, holds: () => !lost.signal.aborted, lost: lost.signal, release };
  }
}
