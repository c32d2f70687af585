import type { Json, JsonObject } from '../../../core/json.ts';
import { type TUnsafe, Type } from '../../schemas/type.ts';

/** A value of this type, or null; one schema node, so that a wrong value is one problem. */
export function nullable(type: 'string'): TUnsafe<string | null>;
export function nullable(type: 'number'): TUnsafe<number | null>;
export function nullable(type: string): TUnsafe<unknown> {
  return Type.Unsafe<unknown>({ type: [type, 'null'] });
}

/** One of the given texts. */
export function oneOf<const Text extends string>(texts: readonly Text[]): TUnsafe<Text> {
  return Type.Unsafe<Text>({ type: 'string', enum: texts });
}

/** An object whose keys are not the API's business: settings, payloads. */
export const FreeObject = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });

/** As `FreeObject`, or null. */
export const nullableObject = Type.Unsafe<JsonObject | null>({
  type: ['object', 'null'],
  additionalProperties: true,
});

/** Any JSON. */
export const AnyJson = Type.Unsafe<Json>({});

/** Path parameters: opaque ids of 1 to 255 characters, never checked for their form (spec public-api §5). */
export const Id = Type.String({ minLength: 1, maxLength: 255 });

/** The answer of most deletions. */
export const StatusOutput = Type.Object({ status: oneOf(['SUCCESS']) });

export const success = { status: 'SUCCESS' } as const;
