import { InputFailure } from '../../input-failure.ts';

/** Runs work on the shared model; what it refuses is said with the names that fields have in this API. */
export async function inConfigWords<Result>(
  rename: (field: string) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputFailure)) throw error;
    throw new InputFailure(
      error.problems.map(({ field, message }) => ({
        field: rename(field),
        message: message.replaceAll(`"${field}"`, `"${rename(field)}"`),
      })),
    );
  }
}
