import type { LogEngine } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';

/** How many bytes of payload each source has in the log `discards`: read from it once, then kept up. */
export class KeptDiscards {
  readonly #engine: LogEngine;
  readonly #partition: number;
  #bytes: Map<string, number> | undefined;

  constructor(engine: LogEngine, partition: number) {
    this.#engine = engine;
    this.#partition = partition;
  }

  /** Some were deleted: what is left is counted anew when it is asked for. */
  forget(): void {
    this.#bytes = undefined;
  }

  /** Must have resolved before `take` is called. */
  async load(): Promise<void> {
    if (this.#bytes !== undefined) return;
    const bytes = new Map<string, number>();
    const reader = await this.#engine.openReader('discards', this.#partition);
    try {
      for (let at = await reader.start(); ; ) {
        const { records, next } = await reader.read(at);
        for (const { source, body } of records) {
          bytes.set(source, (bytes.get(source) ?? 0) + body.length);
        }
        if (next === at) break;
        at = next;
      }
    } finally {
      await reader.close();
    }
    this.#bytes = bytes;
  }

  /** Takes the bytes when `limits.discardsPerSourceBytes` still allows them; false otherwise. */
  take(source: string, bytes: number): boolean {
    const sum = (this.#bytes?.get(source) ?? 0) + bytes;
    if (sum > limits.discardsPerSourceBytes) return false;
    this.#bytes?.set(source, sum);
    return true;
  }
}
