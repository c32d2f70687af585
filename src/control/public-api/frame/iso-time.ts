import { InputFailure } from '../../input-failure.ts';

/** Milliseconds since the epoch of an ISO 8601 text. Throws `input_validation` naming the field. */
export function parseIsoTime(field: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InputFailure([{ field, message: `"${field}" must be a valid ISO 8601 date` }]);
  }
  return time;
}

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
