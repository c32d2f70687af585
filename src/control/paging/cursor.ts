import { InputFailure } from '../input-failure.ts';

/**
 * A place in a list ordered by position: the entries after it, or the ones before it. Opaque to
 * clients. It names a position, not a count of rows, so inserts and deletions shift nothing.
 */
export interface Cursor {
  readonly side: 'after' | 'before';
  readonly position: number;
}

export const firstPage: Cursor = { side: 'after', position: 0 };

export function encodeCursor(cursor: Cursor): string {
  const letter = cursor.side === 'after' ? 'a' : 'b';
  return Buffer.from(`${letter}${cursor.position}`).toString('base64url');
}

/** Throws `input_validation` naming the field when the text is none of ours. */
export function decodeCursor(text: string, field = 'pagination.cursor'): Cursor {
  const match = /^([ab])(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match === null) {
    throw new InputFailure([{ field, message: `"${field}" is not a cursor of this list` }]);
  }
  return { side: match[1] === 'a' ? 'after' : 'before', position: Number(match[2]) };
}
