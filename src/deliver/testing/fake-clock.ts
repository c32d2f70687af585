import { ManualClock, settle } from '../../core/testing/manual-clock.ts';

export { settle };

/** Time that moves only when the test says so; then everything settles, as delivery is asynchronous. */
export class FakeClock extends ManualClock {
  override advance(ms: number): Promise<void> {
    return this.advanceSettling(ms);
  }
}
