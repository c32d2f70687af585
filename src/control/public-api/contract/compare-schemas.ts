import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';

/** A model of the contract: JSON Schema, where `$ref` is the name of another one. */
export type Models = Readonly<Record<string, JsonObject>>;

/** The ways in which what we answer with is not what the contract has, each with its place. */
export function answerProblems(ours: Json, theirs: Json, models: Models, place = ''): string[] {
  const wanted = resolve(theirs, models);
  if (!isJsonObject(ours) || isFree(wanted)) return [];
  const found = [...typeProblems(ours, wanted, place)];
  if (isJsonObject(wanted['properties'])) {
    const declared = isJsonObject(ours['properties']) ? ours['properties'] : {};
    const required = namesIn(ours['required']);
    for (const name of namesIn(wanted['required'])) {
      if (!required.includes(name)) found.push(`${place}.${name}: required by the contract`);
    }
    for (const [name, property] of Object.entries(declared)) {
      const model = wanted['properties'][name];
      if (model === undefined) found.push(`${place}.${name}: not in the contract`);
      else found.push(...answerProblems(property ?? {}, model, models, `${place}.${name}`));
    }
  }
  if (isJsonObject(wanted['items'])) {
    found.push(...answerProblems(ours['items'] ?? {}, wanted['items'], models, `${place}[]`));
  }
  return found;
}

/** The ways in which we refuse a request that the contract allows, or do not read what it has. */
export function requestProblems(ours: Json, theirs: Json, models: Models, place = ''): string[] {
  const sent = resolve(theirs, models);
  if (!isJsonObject(ours) || isFree(sent) || isFree(ours)) return [];
  const found = [...typeProblems(sent, ours, place)];
  if (isJsonObject(sent['properties'])) {
    const read = isJsonObject(ours['properties']) ? ours['properties'] : {};
    const given = namesIn(sent['required']);
    for (const name of namesIn(ours['required'])) {
      if (!given.includes(name)) found.push(`${place}.${name}: optional in the contract`);
    }
    for (const [name, property] of Object.entries(sent['properties'])) {
      const schema = read[name];
      if (schema !== undefined) {
        found.push(...requestProblems(schema, property ?? {}, models, `${place}.${name}`));
      } else if (ours['additionalProperties'] !== true) {
        found.push(`${place}.${name}: not read`);
      }
    }
  }
  if (isJsonObject(sent['items']) && ours['items'] !== undefined) {
    found.push(...requestProblems(ours['items'], sent['items'], models, `${place}[]`));
  }
  return found;
}

function resolve(model: Json, models: Models): JsonObject {
  if (!isJsonObject(model)) return {};
  const name = model['$ref'];
  return typeof name === 'string' ? (models[name] ?? {}) : model;
}

/** Anything, or one of several models: the tests of the operation say which. */
function isFree(schema: JsonObject): boolean {
  return schema['type'] === undefined;
}

/** What the narrow schema has that the wide one does not take: types, and values of an enumeration. */
function* typeProblems(narrow: JsonObject, wide: JsonObject, place: string): Generator<string> {
  const types = namesIn(wide['type']);
  // The contract says `number` also where only whole ones make sense.
  if (types.includes('number') || types.includes('integer')) types.push('number', 'integer');
  for (const type of namesIn(narrow['type'])) {
    // Several of Segment's clients send null for what they leave out, and none minds it.
    if (!types.includes(type) && type !== 'null') yield `${place}: may be a ${type}`;
  }
  if (!Array.isArray(wide['enum'])) return;
  if (!Array.isArray(narrow['enum']))
    yield `${place}: may be other than ${wide['enum'].join(', ')}`;
  for (const value of namesIn(narrow['enum'])) {
    if (!wide['enum'].includes(value)) yield `${place}: may be ${value}`;
  }
}

function namesIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
