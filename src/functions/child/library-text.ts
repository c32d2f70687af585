import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** Packages whose text an isolate may have. All of them are our own dependencies, or theirs. */
const packages = [
  'base64-js',
  'buffer',
  'ieee754',
  'lodash',
  'moment',
  'moment-timezone',
  'oauth',
  'sax',
  'xml2js',
  'xmlbuilder',
];

/** What is loaded in place of a package's main file: one small file each. */
const entries: Readonly<Record<string, string>> = {
  lodash: 'lodash/lodash.min.js',
  moment: 'moment/min/moment.min.js',
  'moment-timezone': 'moment-timezone/builds/moment-timezone-with-data-10-year-range.min.js',
  // With a slash: Node has a module of the same name.
  buffer: 'buffer/index.js',
};

const require = createRequire(import.meta.url);
const root = dirname(dirname(require.resolve('buffer/package.json')));

export interface LibraryText {
  /** Below the folder of packages; what the library itself asks for is looked up from there. */
  readonly path: string;
  readonly text: string;
}

const known = new Map<string, LibraryText>();

/** The text of the module `name` as `from` (a `path`, or '') asks for it; undefined: it may not have that. */
export function libraryText(from: string, name: string): LibraryText | undefined {
  const path = pathOf(from, name);
  if (path === undefined) return undefined;
  const before = known.get(path);
  if (before !== undefined) return before;
  const found = { path, text: readFileSync(join(root, path), 'utf8') };
  known.set(path, found);
  return found;
}

function pathOf(from: string, name: string): string | undefined {
  const isRelative = name.startsWith('./') || name.startsWith('../');
  const wanted = isRelative ? join(dirname(from), name) : (entries[name] ?? name);
  if (!packages.some((one) => wanted === one || wanted.startsWith(`${one}/`))) return undefined;
  const resolved = require.resolve(join(root, wanted));
  const inside = packages.some((one) => resolved.startsWith(join(root, one) + sep));
  return inside ? resolved.slice(root.length + 1) : undefined;
}
