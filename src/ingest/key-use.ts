import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { WriteKey } from './write-key.ts';

/** A write key and when it was used, milliseconds. */
export type KeyUse = readonly [key: string, at: number];

/**
 * Reports which write keys are used: a key at most once a minute, all keys of a second in one message.
 * A key in steady use costs one comparison a request.
 */
export class KeyUseReport {
  readonly #clock: Clock;
  readonly #send: (uses: readonly KeyUse[]) => void;
  #pending: KeyUse[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, send: (uses: readonly KeyUse[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** The key was used at `now`. */
  note(key: WriteKey, now: number): void {
    if (now < key.reportAt) return;
    key.reportAt = now + limits.keyUseEveryMs;
    this.#pending.push([key.text, now]);
    this.#cancel ??= this.#clock.after(limits.keyUseGatherMs, () => this.#flush());
  }

  /** Sends what waits. */
  close(): void {
    this.#cancel?.();
    this.#flush();
  }

  #flush(): void {
    this.#cancel = undefined;
    const uses = this.#pending;
    this.#pending = [];
    for (let from = 0; from < uses.length; from += limits.keyUsesPerMessage) {
      this.#send(uses.slice(from, from + limits.keyUsesPerMessage));
    }
  }
}
