import { Counter, type Registry } from '../../core/prometheus.ts';
import type { TokenErrorName } from './token-error.ts';

/** Counts what is asked of the token endpoint. */
export class TokenCounter {
  readonly #counter: Counter<'code'>;

  constructor(registry: Registry) {
    this.#counter = new Counter({
      name: 'tributary_ingest_token_requests_total',
      help: 'Requests for OAuth access tokens by outcome: `ok`, or the error of the answer.',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  add(code: 'ok' | TokenErrorName): void {
    this.#counter.inc({ code });
  }
}
