import { limits } from '../core/limits.ts';
import { type Inflated, inflateInline, inflateOnThread } from './inflate-body.ts';

interface Waiting {
  readonly owner: object;
  readonly body: Buffer;
  readonly most: number;
  readonly done: (inflated: Inflated) => void;
}

/** What may only go on when a body before it is inflated. */
interface Step {
  readonly bytes: number;
  readonly run: () => void;
}

/** Bytes that deflate can make of one at the most. */
const highestRatio = 1_032;
/** Bytes of header and trailer of the least gzip. */
const leastGzip = 18;

/**
 * Inflates bodies so that those who send bombs hold nobody up. A body that says of itself that it is too
 * large is believed, if it could be; what says that it is small is inflated at once, and only so far; the
 * rest on a thread, so that flushes, which need the same ones, go on. Those that wait are bounded. What comes
 * behind a body on the same connection does not overtake it.
 */
export class Inflater {
  readonly #waiting: Waiting[] = [];
  /** Of owners with a body that waits or is being inflated: what waits behind it. */
  readonly #behind = new Map<object, Step[]>();
  #waitingBytes = 0;
  #running = 0;

  /** Inflates at most `most` bytes of its owner's body. Calls `done` once: before it returns, or later. */
  inflate(owner: object, body: Buffer, most: number, done: (inflated: Inflated) => void): void {
    const inflated = atOnce(body, most) ?? this.#refusal(body.length);
    if (inflated !== undefined) done(inflated);
    else {
      this.#waitingBytes += body.length;
      this.#waiting.push({ owner, body, most, done });
      this.#behind.set(owner, []);
      this.#next();
    }
  }

  /**
   * Runs `step`, which holds `bytes`, at once, or when the bodies of its owner that came before are
   * inflated; false when there is no room for it to wait.
   */
  inOrder(owner: object, bytes: number, step: () => void): boolean {
    const behind = this.#behind.get(owner);
    if (behind === undefined) step();
    else if (this.#refusal(bytes) === undefined) {
      this.#waitingBytes += bytes;
      behind.push({ bytes, run: step });
    } else return false;
    return true;
  }

  #refusal(bytes: number): Inflated | undefined {
    const isFull =
      this.#waiting.length >= limits.inflateWaiting ||
      this.#waitingBytes + bytes > limits.inflateWaitingBytes;
    return isFull ? { kind: 'overloaded' } : undefined;
  }

  #next(): void {
    while (this.#running < limits.inflateThreads) {
      const one = this.#waiting.shift();
      if (one === undefined) return;
      this.#running++;
      inflateOnThread(one.body, one.most, (inflated) => {
        this.#running--;
        this.#waitingBytes -= one.body.length;
        this.#next();
        one.done(inflated);
        this.#goOn(one.owner);
      });
    }
  }

  /** Runs what has waited behind a body, up to the next that has to wait itself. */
  #goOn(owner: object): void {
    const behind = this.#behind.get(owner) ?? [];
    this.#behind.delete(owner);
    for (let step = behind.shift(); step !== undefined; step = behind.shift()) {
      this.#waitingBytes -= step.bytes;
      step.run();
      if (this.#behind.has(owner)) {
        this.#behind.set(owner, behind);
        return;
      }
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
