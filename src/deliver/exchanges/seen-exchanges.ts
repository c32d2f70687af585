import type { Clock } from '../../core/clock.ts';
import type { Http, HttpAnswer, HttpFailure, HttpRequest } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';

export interface SeenExchange {
  readonly request: HttpRequest;
  readonly answer: HttpAnswer | HttpFailure;
  readonly durationMs: number;
}

/** The requests of one attempt, as they happen: the way out that the attempt is given. Nothing is copied. */
export class SeenExchanges implements Http {
  readonly #http: Http;
  readonly #clock: Clock;
  readonly list: SeenExchange[] = [];
  /** The live tail has shown them, with another event of the same batch. */
  isShown = false;

  constructor(http: Http, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  async request(request: HttpRequest): Promise<HttpAnswer | HttpFailure> {
    const begun = this.#clock.monotonic();
    const answer = await this.#http.request(request);
    if (this.list.length < limits.exchangesOfAttempt) {
      this.list.push({ request, answer, durationMs: this.#clock.monotonic() - begun });
    }
    return answer;
  }
}
