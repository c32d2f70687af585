import type { Logger } from '../core/logger.ts';

/** Says in the log when the `accepted` log begins and ceases to refuse, not for every request in between. */
export class Outage {
  readonly #logger: Logger;
  #isOn = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  began(cause: unknown): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#logger.error({ err: cause }, 'the accepted log refuses: answering 503');
  }

  ended(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#logger.info({}, 'the accepted log takes again');
  }
}
