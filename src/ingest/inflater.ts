import { limits } from '../core/limits.ts';
import { type Inflated, inflateInline, inflateOnThread } from './inflate-body.ts';

interface Waiting {
  readonly body: Buffer;
  readonly most: number;
  readonly done: (inflated: Inflated) => void;
}

/** Bytes that deflate can make of one at the most. */
const highestRatio = 1_032;
/** Bytes of header and trailer of the least gzip. */
const leastGzip = 18;

/**
 * Inflates bodies so that those who send bombs hold nobody up. A body that says of itself that it is too
 * large is believed, if it could be; what says that it is small is inflated at once, and only so far; the
 * rest on a few threads, so that flushes, which need the same ones, go on. Those that wait are bounded.
 */
export class Inflater {
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running = 0;

  /** Inflates at most `most` bytes. Calls `done` once: before it returns, or later. */
  inflate(body: Buffer, most: number, done: (inflated: Inflated) => void): void {
    const inflated = atOnce(body, most) ?? this.#refusal(body);
    if (inflated !== undefined) done(inflated);
    else {
      this.#waitingBytes += body.length;
      this.#waiting.push({ body, most, done });
      this.#next();
    }
  }

  #refusal({ length }: Buffer): Inflated | undefined {
    const isFull =
      this.#waiting.length >= limits.inflateWaiting ||
      this.#waitingBytes + length > limits.inflateWaitingBytes;
    return isFull ? { kind: 'overloaded' } : undefined;
  }

  #next(): void {
    while (this.#running < limits.inflateThreads) {
      const one = this.#waiting.shift();
      if (one === undefined) return;
      this.#waitingBytes -= one.body.length;
      this.#running++;
      inflateOnThread(one.body, one.most, (inflated) => {
        this.#running--;
        this.#next();
        one.done(inflated);
      });
    }
  }
}

/** What needs no thread. */
function atOnce(body: Buffer, most: number): Inflated | undefined {
  const claimed = claimedLength(body);
  if (claimed > most && claimed <= body.length * highestRatio) return { kind: 'too-large' };
  if (Math.max(claimed, body.length) > limits.inflateInlineBytes) return undefined;
  const bound = Math.min(most, limits.inflateInlineBytes);
  const inflated = inflateInline(body, bound);
  return inflated.kind === 'too-large' && bound < most ? undefined : inflated;
}

/** Bytes that the last part of a gzip says it has when inflated (RFC 1952 §2.3.1): mostly the only part. */
function claimedLength(body: Buffer): number {
  return body.length < leastGzip ? 0 : body.readUInt32LE(body.length - 4);
}
