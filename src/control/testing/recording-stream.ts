import type { Json } from '../../core/json.ts';
import type { EventStream } from '../public-api/frame/event-stream.ts';

export interface SentEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, Json>>;
}

/** A viewer's connection: keeps what it is sent, and reads slowly when told to. */
export class RecordingStream implements EventStream {
  readonly texts: string[] = [];
  /** True: the client has stopped reading. */
  blocked = false;
  ended = false;
  readonly #drained: (() => void)[] = [];
  readonly #closed: (() => void)[] = [];
  readonly #waiting = new Set<() => void>();

  write(text: string): boolean {
    this.texts.push(text);
    for (const check of this.#waiting) check();
    return !this.blocked;
  }

  onDrain(listener: () => void): void {
    this.#drained.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closed.push(listener);
  }

  end(): void {
    this.ended = true;
    this.leave();
  }

  destroy(): void {
    this.leave();
  }

  /** The client closes the connection. */
  leave(): void {
    for (const listener of this.#closed.splice(0)) listener();
  }

  /** The client reads again. */
  drain(): void {
    this.blocked = false;
    for (const listener of this.#drained) listener();
  }

  get events(): SentEvent[] {
    return this.texts.flatMap((text) => {
      const match = /^event: (\w+)\ndata: (.*)\n\n$/.exec(text);
      return match === null ? [] : [{ event: match[1] ?? '', data: JSON.parse(match[2] ?? '') }];
    });
  }

  /** How many events of this name came. */
  count(event: string): number {
    return this.events.filter((sent) => sent.event === event).length;
  }

  /** Resolves once what came satisfies the condition. */
  until(condition: (stream: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition(this)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}
