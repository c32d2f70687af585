import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';

export interface EndsInTimeOptions {
  /** Its abort asks the work to end. */
  readonly signal: AbortSignal;
  /** Counted from then on. */
  readonly ms: number;
  readonly clock: Clock;
  /** What is waited for, in words. */
  readonly what: string;
  /** Nobody waits for the work any more. */
  onLate(): void;
}

/** Gives what `work` gives; rejects with `warehouse_failed` when it was asked to end and does not. */
export function endsInTime<T>(work: Promise<T>, options: EndsInTimeOptions): Promise<T> {
  const { signal, ms, clock, what, onLate } = options;
  const late = Promise.withResolvers<T>();
  let cancel: (() => void) | undefined;
  const begin = () => {
    cancel = clock.after(ms, () => {
      onLate();
      const text = `${what} did not end within ${ms / 1_000} s of being told to, and was given up; what it had loaded stays`;
      late.reject(new TributaryError('warehouse_failed', text));
    });
  };
  signal.addEventListener('abort', begin, { once: true });
  if (signal.aborted) begin();
  return Promise.race([work, late.promise]).finally(() => {
    signal.removeEventListener('abort', begin);
    cancel?.();
  });
}
