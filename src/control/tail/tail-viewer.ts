import { limits } from '../../core/limits.ts';
import type { EventStream } from '../public-api/frame/event-stream.ts';

/**
 * One viewer. While it reads too slowly, what is new waits in a buffer of `limits.tailBuffer` events
 * and `limits.tailBufferBytes`; the rest is only counted, and the count is shown when it reads again.
 */
export class TailViewer {
  readonly #stream: EventStream;
  #waiting: string[] = [];
  #waitingLength = 0;
  #skipped = 0;
  #blocked = false;

  constructor(stream: EventStream) {
    this.#stream = stream;
    stream.onDrain(() => this.#flush());
  }

  /** `text` is a whole server-sent event. */
  send(text: string): void {
    if (!this.#blocked) {
      this.#blocked = !this.#stream.write(text);
    } else if (
      this.#waiting.length < limits.tailBuffer &&
      this.#waitingLength + text.length <= limits.tailBufferBytes
    ) {
      this.#waiting.push(text);
      this.#waitingLength += text.length;
    } else {
      this.#skipped += 1;
    }
  }

  skip(count: number): void {
    this.#skipped += count;
  }

  /** Says how much was left out since it was last said. */
  reportSkipped(): void {
    if (this.#skipped === 0 || this.#blocked) return;
    const text = `event: skipped\ndata: {"count":${this.#skipped}}\n\n`;
    this.#skipped = 0;
    this.#blocked = !this.#stream.write(text);
  }

  /** Keeps proxies from closing a quiet stream, and finds out that a viewer is gone. */
  heartbeat(): void {
    if (!this.#blocked) this.#blocked = !this.#stream.write(': heartbeat\n\n');
  }

  end(): void {
    this.#stream.end();
  }

  #flush(): void {
    this.#blocked = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    for (const text of waiting) this.send(text);
  }
}
