import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { escapeHtml } from './layout.ts';

/** Levels of nesting that are shown; what lies deeper is in the OpenAPI document. */
const deepest = 3;

/** The fields of an object schema as a table: name, type, and whether it is required. */
export function fieldTable(schema: JsonObject): string {
  const rows = fieldRows(schema, '', 0);
  return rows.length === 0 ? '<p>No fields.</p>' : `<table>${rows.join('')}</table>`;
}

function fieldRows(schema: JsonObject, place: string, depth: number): string[] {
  const { properties } = schema;
  if (!isJsonObject(properties) || depth === deepest) return [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = isJsonObject(field) ? field : {};
    const note = required.includes(name) ? '' : 'optional';
    const row = `<tr><td><code>${escapeHtml(place + name)}</code></td><td>${escapeHtml(typeText(own))}</td><td>${note}</td></tr>`;
    const items = isJsonObject(own['items']) ? own['items'] : undefined;
    return [row, ...fieldRows(items ?? own, `${place}${name}${items ? '[]' : ''}.`, depth + 1)];
  });
}

function typeText(field: JsonObject): string {
  if (Array.isArray(field['enum'])) return field['enum'].join(' | ');
  const choices = field['anyOf'];
  if (Array.isArray(choices)) return choices.map((one) => typeText(object(one))).join(' or ');
  if (field['type'] === 'array') return `list of ${typeText(object(field['items']))}`;
  if (Array.isArray(field['type'])) return field['type'].join(' or ');
  return typeof field['type'] === 'string' ? field['type'] : 'any';
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
