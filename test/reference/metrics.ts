import assert from 'node:assert/strict';
import type { Source } from '../tidy/source.ts';

export interface MetricEntry {
  readonly name: string;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** `new Counter({ … })`, `counterIn(registry, { … })`; not `{ ...config }`, which passes one on. */
const declaration =
  /(?:new (Counter|Gauge|Histogram|Summary)(?:<[^(]*>)?\(|\b(counter|histogram)In\(\w+, )\{([\s\S]*?)\}\)/g;
/** What makes one and says so in its name: `gauge('tributary_a', 'What it is.', …)`, `new AckHistogram(…)`. */
const call =
  /\b\w*?(count|counter|gauge|histogram)\(\s*(?:\w+,\s*)?('tributary_\w+'),\s*('[^']*'|"[^"]*"),?\s*(\[[^\]]*\])?/gi;

/**
 * The metrics that the source declares, read from its text: name, help and labels stand there as
 * literals, or as a constant of the same file. A name that is found in no declaration is an error.
 */
export function metricsIn(sources: readonly Source[]): MetricEntry[] {
  const found = new Map<string, MetricEntry>();
  for (const file of sources) {
    const entries = [...declared(file), ...called(file)];
    for (const entry of entries) {
      const other = found.get(entry.name);
      if (other) assert.deepEqual(entry, other, `${entry.name} is declared twice, differently`);
      found.set(entry.name, entry);
    }
    for (const [, name] of file.code.matchAll(/['"`](tributary_\w+)/g)) {
      const known = entries.some((entry) => entry.name === name);
      assert.ok(
        known,
        `${file.path}: ${name} is not declared in a way that the reference can read`,
      );
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function declared(file: Source): MetricEntry[] {
  return [...file.code.matchAll(declaration)].flatMap(([, made, got, body = '']) =>
    // The inside of a function that makes one.
    /^\s*(name|\.\.\.config),/.test(body)
      ? []
      : [read(file, (made ?? got ?? '').toLowerCase(), body)],
  );
}

function called({ code }: Source): MetricEntry[] {
  return [...code.matchAll(call)].map(([, maker = '', name = '', help = '', labels = '']) => ({
    name: literals(name)[0] ?? '',
    kind: maker === 'count' ? 'counter' : maker.toLowerCase(),
    labels: literals(labels),
    help: literals(help).join(''),
  }));
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
