import { TributaryError } from '../../../core/errors.ts';

/** What the driver or the server said, as the warehouse's own error. */
export function postgresFailure(error: unknown): TributaryError {
  if (error instanceof TributaryError) return error;
  return new TributaryError('warehouse_failed', `PostgreSQL: ${wordsOf(error)}`, { cause: error });
}

/** An error of several addresses of a name has its reasons inside. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.name;
}
