import type { HttpFailure } from '../../../core/http.ts';

/** Codes by which definitions know what kept a request from its answer. */
const codes = {
  timeout: 'ETIMEDOUT',
  network: 'ECONNRESET',
  refused: 'ERR_TARGET_REFUSED',
  invalid_url: 'ERR_INVALID_URL',
} as const satisfies Record<HttpFailure['failure'], string>;

/** No answer came: what a definition sees where `fetch` would reject. */
export class FetchFailure extends Error {
  override readonly name = 'FetchError';
  readonly failure: HttpFailure['failure'];
  readonly code: string;

  constructor({ failure, message }: HttpFailure) {
    super(message);
    this.failure = failure;
    this.code = codes[failure];
  }
}
