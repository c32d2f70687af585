import type {
  Static,
  TArray,
  TArrayOptions,
  TBoolean,
  TInteger,
  TNull,
  TNumber,
  TNumberOptions,
  TObject,
  TObjectOptions,
  TOptional,
  TProperties,
  TRecord,
  TSchema,
  TSchemaOptions,
  TString,
  TStringOptions,
  TUnion,
  TUnknown,
  TUnsafe,
} from 'typebox';

/**
 * The schemas that operations declare, as plain JSON with typebox's types. What typebox itself makes of the same calls
 * would hold 680 modules in memory, 14 MB, and serves nothing here but `Static`, which is a type.
 */
export const Type = {
  Object: object,
  Array: array,
  Optional: optional,
  Record: record,
  Union: union,
  String: string,
  Number: number,
  Integer: integer,
  Boolean: boolean,
  Null: none,
  Unknown: unknown,
  Unsafe: unsafe,
} as const;

export type { Static, TObject, TProperties, TSchema, TUnsafe };

/** Those that `Optional` has made. */
const optionals = new WeakSet<object>();

function object<Properties extends TProperties>(
  properties: Properties,
  options?: TObjectOptions,
): TObject<Properties>;
function object(properties: TProperties, options?: TObjectOptions): TSchema {
  const required = Object.keys(properties).filter((name) => !isOptional(properties[name]));
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
}

/** A key that may be absent: to stand in the properties of an `Object`. */
function optional<Schema extends TSchema>(schema: Schema): TOptional<Schema>;
function optional(schema: TSchema): TSchema {
  const copy = { ...schema };
  optionals.add(copy);
  return copy;
}

function isOptional(schema: TSchema | undefined): boolean {
  return schema !== undefined && optionals.has(schema);
}

function array<Items extends TSchema>(items: Items, options?: TArrayOptions): TArray<Items>;
function array(items: TSchema, options?: TArrayOptions): TSchema {
  return { type: 'array', items, ...options };
}

/** Any keys that are texts, or of the pattern of the first. */
function record<Value extends TSchema>(key: TString, value: Value): TRecord<string, Value>;
function record(key: TSchema, value: TSchema): TSchema {
  const pattern = 'pattern' in key ? String(key.pattern) : '^.*$';
  return { type: 'object', patternProperties: { [pattern]: value } };
}

function union<Schemas extends TSchema[]>(anyOf: [...Schemas]): TUnion<Schemas>;
function union(anyOf: TSchema[]): TSchema {
  return { anyOf };
}

function string(options?: TStringOptions): TString;
function string(options?: TStringOptions): TSchema {
  return { type: 'string', ...options };
}

function number(options?: TNumberOptions): TNumber;
function number(options?: TNumberOptions): TSchema {
  return { type: 'number', ...options };
}

function integer(options?: TNumberOptions): TInteger;
function integer(options?: TNumberOptions): TSchema {
  return { type: 'integer', ...options };
}

function boolean(options?: TSchemaOptions): TBoolean;
function boolean(options?: TSchemaOptions): TSchema {
  return { type: 'boolean', ...options };
}

function none(): TNull;
function none(): TSchema {
  return { type: 'null' };
}

function unknown(): TUnknown;
function unknown(): TSchema {
  return {};
}

/** Any JSON schema, of which the caller says what it means. */
function unsafe<Value>(schema: TSchema): TUnsafe<Value>;
function unsafe(schema: TSchema): TSchema {
  return { ...schema };
}
