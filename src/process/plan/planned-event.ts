import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { PlanRule } from '../../core/tracking-plan.ts';
import { compileSchema, type Schema } from './json-schema/compile-schema.ts';
import type { CompilePattern, SchemaFault } from './json-schema/schema-run.ts';

/** One rule at work. It is compiled when the first event of its kind comes: a plan may have thousands. */
export class PlannedEvent {
  readonly #rule: PlanRule;
  readonly #pattern: CompilePattern;
  #schema: Schema | undefined;

  constructor(rule: PlanRule, pattern: CompilePattern) {
    this.#rule = rule;
    this.#pattern = pattern;
  }

  get version(): number {
    return this.#rule.version;
  }

  faults(event: JsonObject): readonly SchemaFault[] {
    this.#schema ??= compileSchema(this.#rule.schema, this.#pattern);
    return this.#schema(event);
  }

  /**
   * Paths in the event's `properties` or `traits` that the rule does not name; `$` stands for each item of a list. Where
   * a rule says nothing of what is in an object, anything may be in it.
   */
  unplanned(event: JsonObject, bag: 'properties' | 'traits'): readonly (readonly string[])[] {
    const found: string[][] = [];
    const value = event[bag];
    if (isJsonObject(value)) collect(value, schemaAt(this.#rule.schema, bag), [bag], found);
    return found;
  }
}

function collect(
  value: Json,
  schema: JsonObject,
  path: readonly string[],
  found: string[][],
): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!isJsonObject(items)) return;
    const seen = new Set(found.map((keys) => keys.join('\u0000')));
    const inner: string[][] = [];
    for (const item of value) collect(item, items, [...path, '$'], inner);
    for (const keys of inner) {
      const text = keys.join('\u0000');
      if (!seen.has(text)) found.push(keys);
      seen.add(text);
    }
    return;
  }
  const { properties, patternProperties } = schema;
  if (!isJsonObject(value) || !isJsonObject(properties)) return;
  for (const [key, inner] of Object.entries(value)) {
    const planned = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (inner === undefined || (planned === undefined && patternProperties !== undefined)) continue;
    if (planned === undefined) found.push([...path, key]);
    else if (isJsonObject(planned)) collect(inner, planned, [...path, key], found);
  }
}

function schemaAt({ properties }: JsonObject, name: string): JsonObject {
  const schema = isJsonObject(properties) ? properties[name] : undefined;
  return isJsonObject(schema) ? schema : {};
}
