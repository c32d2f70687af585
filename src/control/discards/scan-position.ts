import { isJsonObject, type Json } from '../../core/json.ts';
import { InputFailure } from '../input-failure.ts';

/**
 * How far a listing has come: the discards committed in [lo, hi) are being shown, and `taken` of them
 * were. What is committed does not change, so the same window holds the same discards. `phase` 0 reads
 * `events` and `results`, 1 the log of those that outlived their files.
 */
export interface ScanPosition {
  readonly phase: 0 | 1;
  readonly lo: number;
  readonly hi: number;
  readonly taken: number;
}

export function encodePosition({ phase, lo, hi, taken }: ScanPosition): string {
  return Buffer.from(JSON.stringify([phase, lo, hi, taken])).toString('base64url');
}

/** Throws `input_validation` when the text is none of ours. */
export function decodePosition(text: string): ScanPosition {
  const values = parse(Buffer.from(text, 'base64url').toString());
  const [phase, lo, hi, taken] = Array.isArray(values) ? values : [];
  if (isNatural(lo) && isNatural(hi) && isNatural(taken) && lo <= hi) {
    if (phase === 0 || phase === 1) return { phase, lo, hi, taken };
  }
  throw new InputFailure([
    { field: 'pagination.cursor', message: '"pagination.cursor" is not a cursor of this list' },
  ]);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // Not one of ours: said by the caller.
    return null;
  }
}

function isNatural(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && !isJsonObject(value) && Number(value) >= 0;
}
