import assert from 'node:assert/strict';
import type { Source } from '../tidy/source.ts';

export interface MetricEntry {
  readonly name: string;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const declaration = /new (Counter|Gauge|Histogram|Summary)(?:<[^(]*>)?\(\{([\s\S]*?)\}\)/g;
const anyDeclaration = /new (Counter|Gauge|Histogram|Summary)\b/g;

/**
 * The metrics that the source declares. They are read from the text, so each must be declared with
 * words: name, help and labels as literals, or as a constant of the same file.
 */
export function metricsIn(sources: readonly Source[]): MetricEntry[] {
  const found = new Map<string, MetricEntry>();
  for (const file of sources) {
    const declared = [...file.code.matchAll(declaration)];
    const all = [...file.code.matchAll(anyDeclaration)];
    assert.equal(declared.length, all.length, `${file.path}: a metric is not declared with words`);
    for (const [, kind = '', body = ''] of declared) {
      const entry = read(file, kind.toLowerCase(), body);
      const other = found.get(entry.name);
      if (other) assert.deepEqual(entry, other, `${entry.name} is declared twice, differently`);
      found.set(entry.name, entry);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function read(file: Source, kind: string, body: string): MetricEntry {
  const words = (key: string) => literals(textOf(file, body, key));
  const [name] = words('name');
  const help = words('help').join('');
  assert.ok(name && help, `${file.path}: a ${kind} lacks its name or help: ${body}`);
  return { name, kind, labels: words('labelNames'), help };
}

/** The text of `key: value` or of the shorthand `key`, with a constant of the file looked up. */
function textOf({ code }: Source, body: string, key: string): string {
  const given = new RegExp(`\\b${key}:\\s*(\\[[^\\]]*\\]|'[^']*'|"[^"]*"|\\w+)`).exec(body)?.[1];
  const value = given ?? (new RegExp(`(^|[\\s,])${key}\\s*(,|$)`).test(body) ? key : '');
  if (!/^\w+$/.test(value)) return value;
  return new RegExp(`\\bconst ${value} =\\s*([^;]*);`).exec(code)?.[1] ?? '';
}

function literals(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(
    ([, single, double]) => single ?? double ?? '',
  );
}
