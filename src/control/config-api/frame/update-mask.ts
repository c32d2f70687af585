import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';

/**
 * Which fields an update is about, in every form that documents and clients use: `{"paths":[…]}`, a list, or
 * one text, whose paths may be separated by commas (spec config-api §1).
 */
const UpdateMask = Type.Unsafe<Json>({});

/** Keys under which a body may carry a mask, beside the resource or, as seed 002 prints it, inside it. */
export const maskKeys = {
  update_mask: Type.Optional(UpdateMask),
  updateMask: Type.Optional(UpdateMask),
};

/** The resource of an update: its fields are judged once the mask has named them. */
export const ResourceInput = Type.Optional(
  Type.Unsafe<JsonObject>({ type: 'object', properties: { update_mask: UpdateMask } }),
);

/** The fields that an update sets. One that is named and has no value is reset: its value is undefined. */
export type Masked<Field extends string> = ReadonlyMap<Field, Json | undefined>;

interface Body {
  readonly [key: string]: unknown;
}

/**
 * What an update changes: the values of the fields that its mask names. A value whose field is not named is
 * ignored; so is all of them without a mask. Paths may begin with the resource's key. Throws
 * `input_validation` for a path that is none of `fields`.
 */
export function readMasked<const Field extends string>(
  body: Body,
  key: string,
  fields: readonly Field[],
): Masked<Field> {
  const resource: JsonObject = isResource(body[key]) ? body[key] : {};
  const masked = new Map<Field, Json | undefined>();
  for (const path of maskPaths(body, resource)) {
    const name = path.startsWith(`${key}.`) ? path.slice(key.length + 1) : path;
    const field = fields.find((known) => known === name);
    if (field === undefined) throw badPath(path, key, fields);
    const value = resource[field];
    masked.set(field, value === null ? undefined : value);
  }
  return masked;
}

function maskPaths(body: Body, resource: JsonObject): readonly string[] {
  const places = [body['update_mask'], body['updateMask'], resource['update_mask']];
  return places
    .flatMap(pathsOf)
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

function pathsOf(mask: unknown): string[] {
  if (typeof mask === 'string') return mask.split(',');
  if (Array.isArray(mask)) return mask.map(textOf);
  if (isResource(mask)) return pathsOf(mask['paths'] ?? []);
  if (mask === undefined || mask === null) return [];
  throw badMask();
}

function textOf(path: unknown): string {
  if (typeof path !== 'string') throw badMask();
  return path;
}

function isResource(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badMask(): InputFailure {
  const message = '"update_mask" must be a list of paths';
  return new InputFailure([{ field: 'update_mask', message }]);
}

function badPath(path: string, key: string, fields: readonly string[]): InputFailure {
  const known = fields.map((field) => `${key}.${field}`).join(', ');
  const message = `"update_mask": ${path} is not one of [${known}]`;
  return new InputFailure([{ field: 'update_mask', message }]);
}

/** The text of a field that an update names; '' when it is reset. Throws `input_validation`. */
export function maskedText(
  masked: Masked<string>,
  key: string,
  field: string,
  longest = 255,
): string | undefined {
  if (!masked.has(field)) return undefined;
  const value = masked.get(field) ?? '';
  if (typeof value === 'string' && value.length <= longest) return value;
  const place = `${key}.${field}`;
  const text =
    typeof value === 'string'
      ? `length must be less than or equal to ${longest} characters long`
      : 'must be a string';
  throw new InputFailure([{ field: place, message: `"${place}" ${text}` }]);
}

/** As `maskedText`, of a yes or no; false when it is reset. Segment's tutorial writes it as a text. */
export function maskedFlag(
  masked: Masked<string>,
  key: string,
  field: string,
): boolean | undefined {
  if (!masked.has(field)) return undefined;
  const value = masked.get(field) ?? false;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  const place = `${key}.${field}`;
  throw new InputFailure([{ field: place, message: `"${place}" must be a boolean` }]);
}

/** As `maskedText`, of a list; empty when it is reset. */
export function maskedList(
  masked: Masked<string>,
  key: string,
  field: string,
): readonly Json[] | undefined {
  if (!masked.has(field)) return undefined;
  const value = masked.get(field) ?? [];
  if (Array.isArray(value)) return value;
  const place = `${key}.${field}`;
  throw new InputFailure([{ field: place, message: `"${place}" must be an array` }]);
}

/** As `maskedText`, of an object; empty when it is reset. */
export function maskedObject(
  masked: Masked<string>,
  key: string,
  field: string,
): JsonObject | undefined {
  if (!masked.has(field)) return undefined;
  const value = masked.get(field) ?? {};
  if (isJsonObject(value)) return value;
  const place = `${key}.${field}`;
  throw new InputFailure([{ field: place, message: `"${place}" must be of type object` }]);
}
