import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';

/** A row of a model's query, as it is compared with the last sync. */
export interface ModelRow {
  /** The value of the identifier column, as text. */
  readonly key: string;
  /** Of all columns, whatever their order: 128 bits, base64url. */
  readonly hash: string;
  readonly values: JsonObject;
}

export type RowReading =
  | { readonly ok: true; readonly row: ModelRow }
  | { readonly ok: false; readonly problem: string };

/** Reads a row; one without a usable identifier, or too large, yields what is wrong with it. */
export function readModelRow(values: JsonObject, identifierColumn: string): RowReading {
  const column = columnOf(values, identifierColumn);
  if (column === undefined) {
    return { ok: false, problem: `The query has no column "${identifierColumn}"` };
  }
  const key = keyOf(values[column]);
  if (key === undefined) return { ok: false, problem: `A row has no value in "${column}"` };
  if (key.length > limits.reverseEtlKeyLength || key.includes('\0')) {
    return { ok: false, problem: `A row is not known by its "${column}": the value is too long` };
  }
  const text = JSON.stringify(inOrder(values));
  if (text.length > limits.reverseEtlRowLength) {
    return {
      ok: false,
      problem: `The row ${key} has more than ${limits.reverseEtlRowLength} bytes`,
    };
  }
  return { ok: true, row: { key, hash: hashOf(text), values } };
}

/** 128 bits of SHA-256, base64url. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** Some warehouses write names in capitals that were asked for in small letters. */
function columnOf(values: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(values, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(values).find((column) => column.toLowerCase() === lower);
}

function keyOf(value: Json | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function inOrder(values: JsonObject): readonly (readonly [string, Json | undefined])[] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
