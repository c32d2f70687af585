import { TributaryError } from '../../../core/errors.ts';

/** What the client or the server said, as the warehouse's own error. */
export function clickhouseFailure(error: unknown): TributaryError {
  if (error instanceof TributaryError) return error;
  const message = `ClickHouse: ${clickhouseWords(error)}`;
  return new TributaryError('warehouse_failed', message, { cause: error });
}

/** An error of several addresses of a name has its reasons inside. */
export function clickhouseWords(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(clickhouseWords).join('; ');
  return error instanceof Error ? error.message || error.name : String(error);
}
