import type { IncomingMessage } from 'node:http';
import { limits } from '../core/limits.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

const none = Buffer.alloc(0);
/** Bytes that a body of several pieces takes at the least. */
const leastRoom = 1_024;

/**
 * Collects the bodies of requests, and bounds what half-received ones hold in all: a crowd of clients that
 * send and stop must not fill the memory. A body that arrives in one piece is neither counted nor refused.
 */
export class Intake {
  readonly #most: number;
  #held = 0;

  constructor(most: number = limits.receivingBytes) {
    this.#most = most;
  }

  /**
   * Collects the body of a request, at most `most` bytes. Calls `done` once: with the body when it is
   * complete, or with the reason as soon as it is refused. An upload that breaks off calls nothing.
   */
  receive(request: IncomingMessage, most: number, done: (body: Buffer | Problem) => void): void {
    const upload = new Upload(this, request, most);
    request.on('data', (chunk: Buffer) => {
      const refusal = upload.add(chunk);
      if (refusal !== undefined) done(refusal);
    });
    request.on('end', () => {
      const body = upload.end();
      if (body !== undefined) done(body);
    });
  }

  /** Changes what is held; false when that is more than may be. */
  hold(bytes: number): boolean {
    this.#held += bytes;
    return this.#held <= this.#most;
  }
}

/** One body on its way. */
class Upload {
  readonly #intake: Intake;
  readonly #request: IncomingMessage;
  readonly #most: number;
  /** What has come; of more than one piece, the beginning of a buffer with room for others. */
  #bytes: Buffer | undefined;
  #isOwn = false;
  #size = 0;
  #held = 0;
  #isRefused = false;

  constructor(intake: Intake, request: IncomingMessage, most: number) {
    this.#intake = intake;
    this.#request = request;
    this.#most = most;
  }

  /** Keeps a chunk, or says once why the body is refused. */
  add(chunk: Buffer): Problem | undefined {
    if (this.#isRefused) return undefined;
    this.#size += chunk.length;
    if (this.#size > this.#most) return this.#refuse(problems.tooLarge);
    if (!this.#isWhole() && !this.#hold()) return this.#refuse(problems.unavailable);
    if (this.#bytes === undefined) this.#bytes = chunk;
    else this.#append(this.#bytes, chunk);
    return undefined;
  }

  /** A body may come byte by byte: pieces kept as they are would each take hundreds. */
  #append(bytes: Buffer, chunk: Buffer): void {
    const before = this.#size - chunk.length;
    let room = bytes;
    if (!this.#isOwn || this.#size > bytes.length) {
      room = Buffer.allocUnsafeSlow(this.#room());
      bytes.copy(room, 0, 0, before);
      this.#isOwn = true;
      this.#bytes = room;
    }
    chunk.copy(room, before);
  }

  /** What the client says, unless most of it is still to come; else room for as much again. */
  #room(): number {
    const declared = Number(this.#request.headers['content-length']);
    if (declared >= this.#size && declared <= 4 * this.#size) return declared;
    return Math.max(leastRoom, Math.min(2 * this.#size, this.#most));
  }

  /** The body, unless it was refused. */
  end(): Buffer | undefined {
    if (this.#isRefused) return undefined;
    if (this.#held > 0) this.#release();
    const body = this.#bytes?.subarray(0, this.#size) ?? none;
    // The request's listeners live until it is answered: they must not hold its body.
    this.#bytes = undefined;
    return body;
  }

  #isWhole(): boolean {
    return this.#held === 0 && Number(this.#request.headers['content-length']) === this.#size;
  }

  #hold(): boolean {
    if (this.#held === 0) this.#request.once('close', () => this.#release());
    const more = this.#size - this.#held;
    this.#held = this.#size;
    return this.#intake.hold(more);
  }

  #release(): void {
    this.#intake.hold(-this.#held);
    this.#held = 0;
  }

  #refuse(problem: Problem): Problem {
    this.#isRefused = true;
    this.#bytes = undefined;
    this.#release();
    return problem;
  }
}
