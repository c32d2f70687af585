import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** A value that fits a setting or a field of a mapping, told by what its definition says of it. */
export function exampleValue(name: string, field: JsonObject): Json {
  const choice = choiceOf(field['choices']);
  const given = field['default'];
  if (given !== undefined && given !== '' && !isDirective(given)) return given;
  if (choice !== undefined) return field['multiple'] === true ? [choice] : choice;
  const one = simpleValue(name, field);
  return field['multiple'] === true ? [one] : one;
}

/** One of the mapping kit, which found nothing in the event. */
function isDirective(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).some((key) => key.startsWith('@'));
}

function choiceOf(choices: Json | undefined): Json | undefined {
  if (!Array.isArray(choices)) return undefined;
  const [first] = choices;
  return isJsonObject(first) ? first['value'] : first;
}

function simpleValue(name: string, field: JsonObject): Json {
  const { type, format } = field;
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return 7;
  if (type === 'object') return objectValue(field);
  if (type === 'datetime' || format === 'date-time') return '2026-11-20T10:20:30.456Z';
  if (format === 'email' || /email/i.test(name)) return 'ada@example.com';
  if (format === 'uri' || /url|endpoint/i.test(name)) return 'https://vendor.example.com/path';
  if (/domain|host/i.test(name)) return 'vendor.example.com';
  if (/phone|number|_?id$/i.test(name)) return '1234567890';
  return 'example';
}

function objectValue(field: JsonObject): JsonObject {
  const properties = field['properties'];
  if (!isJsonObject(properties)) return { key: 'value' };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, inner]) =>
      isJsonObject(inner) && inner['required'] === true
        ? [[name, exampleValue(name, inner)] as const]
        : [],
    ),
  );
}

/** `given`, and an example of every field that is not and is `wanted`. */
export function completed(
  fields: JsonObject,
  given: JsonObject,
  wanted: (name: string, field: JsonObject) => boolean = isRequired,
): JsonObject {
  const missing = Object.entries(fields).flatMap(([name, field]) => {
    if (!isJsonObject(field) || given[name] !== undefined || !wanted(name, field)) return [];
    return [[name, exampleValue(name, field)] as const];
  });
  return { ...Object.fromEntries(missing), ...given };
}

function isRequired(_name: string, { required }: JsonObject): boolean {
  return required === true || isJsonObject(required);
}
