import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { corsHeaders } from './cors.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { Problem } from './problem.ts';
import { type Quota, standardQuota } from './source-state.ts';

const success = '{"success":true}';
const successLength = String(success.length);

/**
 * Writes the answers of the Tracking API. Every one carries `X-RateLimit-*`: the reset is a moment in
 * epoch seconds, but on 429 the seconds to wait, since old SDKs add it to now (spec §5).
 */
export class Answers {
  readonly #clock: Clock;
  readonly #early: EarlyAnswers;
  /** Set while the server stops: connections are then not kept. */
  isClosing = false;
  #second = 0;
  #resetText = '';

  constructor(clock: Clock, early: EarlyAnswers) {
    this.#clock = clock;
    this.#early = early;
  }

  /** `X-RateLimit-*` of an answer that no source's rate concerns. */
  get standardRate(): string[] {
    const { limit, remaining } = standardQuota;
    const quota = ['X-RateLimit-Limit', limit, 'X-RateLimit-Remaining', remaining];
    return [...quota, 'X-RateLimit-Reset', this.#reset()];
  }

  /** 200 `{"success":true}`. */
  success(response: ServerResponse, quota: Quota): void {
    this.#write(response, 200, success, successLength, quota, this.#reset());
  }

  /** 200 with a body of its own, a JSON text. */
  ok(response: ServerResponse, quota: Quota, body: string, extra?: readonly string[]): void {
    this.#write(response, 200, body, String(body.length), quota, this.#reset(), extra);
  }

  /** 201 with a JSON text. */
  made(response: ServerResponse, quota: Quota, body: string): void {
    this.#write(response, 201, body, String(body.length), quota, this.#reset());
  }

  /** 202 `{"success":true}`. */
  taken(response: ServerResponse, quota: Quota): void {
    this.#write(response, 202, success, successLength, quota, this.#reset());
  }

  /** 204, for a wire that knows no rate. */
  empty(response: ServerResponse): void {
    const { origin } = response.req.headers;
    if (this.isClosing) response.shouldKeepAlive = false;
    response.writeHead(204, origin === undefined ? [] : corsHeaders(origin)).end();
  }

  problem(
    response: ServerResponse,
    problem: Problem,
    quota: Quota = standardQuota,
    extra: readonly string[] = [],
  ): void {
    const wait = problem.retryAfter === undefined ? undefined : String(problem.retryAfter);
    const reset = problem.status === 429 && wait !== undefined ? wait : this.#reset();
    const headers = wait === undefined ? extra : [...extra, 'Retry-After', wait];
    const length = String(problem.body.length);
    this.#write(response, problem.status, problem.body, length, quota, reset, headers);
  }

  #write(
    response: ServerResponse,
    status: number,
    body: string,
    length: string,
    quota: Quota,
    reset: string,
    extra?: readonly string[],
  ): void {
    const headers = [
      'Content-Type',
      'application/json',
      'Content-Length',
      length,
      'X-RateLimit-Limit',
      quota.limit,
      'X-RateLimit-Remaining',
      quota.remaining,
      'X-RateLimit-Reset',
      reset,
    ];
    if (extra !== undefined) headers.push(...extra);
    const origin = response.req.headers.origin;
    if (origin !== undefined) headers.push(...corsHeaders(origin));
    if (this.isClosing) response.shouldKeepAlive = false;
    if (!response.req.complete) this.#early.add(response.req);
    // A text rather than a buffer, and in one-byte characters: node then sends head and body in one
    // write. All bodies here are ASCII.
    response.writeHead(status, headers).end(body, 'latin1');
  }

  /** The bucket holds a second's worth, so it is full again within the second. */
  #reset(): string {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#resetText = String(second + 1);
    }
    return this.#resetText;
  }
}
