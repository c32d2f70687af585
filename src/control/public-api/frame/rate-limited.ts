import { TributaryError } from '../../../core/errors.ts';
import type { RateState } from './rate-limiter.ts';

/** More requests than the token may make; carries the count for the answer (spec public-api §3). */
export class RateLimited extends TributaryError {
  readonly state: RateState;

  constructor(state: RateState) {
    super('rate_limit_exceeded', 'Too many requests');
    this.state = state;
  }
}
