import type { Clock } from '../../../core/clock.ts';

/** Thrown where the library has not come to an end in time. */
class CallTimeout extends Error {
  override readonly name = 'RequestTimeoutError';
  readonly status = 408;
}

/** The result of `work`, or a `CallTimeout` after `ms`: a definition that never settles holds nothing up. */
export function within<Result>(clock: Clock, ms: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      reject(new CallTimeout(`The destination's code did not end within ${ms} ms`));
    });
    work.then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
