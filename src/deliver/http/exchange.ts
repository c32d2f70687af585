import type { Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { HttpAnswer, HttpFailure, HttpRequest } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';

type Settle = (outcome: HttpAnswer | HttpFailure) => void;

/**
 * One request and its answer. Settles exactly once: with the answer when its body ended or reached
 * the bytes it may have, else with the failure. Its time-out covers everything, also the wait for a
 * socket.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: Settle;
  readonly #cancelTimer: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #mostBytes: number;
  readonly #asBytes: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: HttpAnswer['headers'] = {};
  #chunks: Buffer[] | undefined;
  #bytes = 0;

  constructor(request: HttpRequest, clock: Clock, settle: Settle) {
    this.#settle = settle;
    this.#mostBytes = request.answerBytes ?? limits.answerBytes;
    this.#asBytes = request.asBytes === true;
    this.#cancelTimer = clock.after(request.timeoutMs, () => {
      const message = `No answer within ${request.timeoutMs} ms`;
      this.#finish({ failure: 'timeout', message });
      this.#drop();
    });
    this.#signal = request.signal;
    if (this.#signal?.aborted) this.#onAbort();
    else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a socket longer than it may.
    if (this.#settled) this.#drop();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#chunks ??= [];
    const room = this.#mostBytes - this.#bytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#mostBytes) return;
    this.#answer();
    this.#drop();
  }

  onResponseEnd(): void {
    this.#answer();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error, 'network');
  }

  /** Settles with a failure; `otherwise` is its kind unless the error itself says. */
  fail(error: unknown, otherwise: HttpFailure['failure']): void {
    this.#finish({ failure: failureOf(error) ?? otherwise, message: describe(error) });
  }

  #answer(): void {
    const head = { status: this.#status, headers: this.#headers };
    const bytes = Buffer.concat(this.#chunks ?? []);
    if (this.#asBytes) this.#finish({ ...head, body: '', bytes });
    else this.#finish({ ...head, body: bytes.toString('utf8') });
  }

  #finish(outcome: HttpAnswer | HttpFailure): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#cancelTimer();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#settle(outcome);
  }

  /** Lets go of the socket: the rest of the answer is not worth reading. */
  #drop(): void {
    this.#controller?.abort(new TributaryError('unavailable', 'The exchange is over'));
  }

  readonly #onAbort = (): void => {
    this.#finish({ failure: 'network', message: 'Cancelled' });
    this.#drop();
  };
}

function failureOf(error: unknown): HttpFailure['failure'] | undefined {
  if (error instanceof TributaryError && error.code === 'target_refused') return 'refused';
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code.endsWith('_TIMEOUT') || code === 'ETIMEDOUT') return 'timeout';
  if (code === 'UND_ERR_INVALID_ARG') return 'invalid_url';
  return undefined;
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return message === '' ? (codeOf(error) ?? 'unknown') : message;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
