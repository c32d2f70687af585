import { dirname, join } from 'node:path';
import { place, type Source } from './source.ts';

/**
 * Which folder of `src` may import which. `docs/architecture.md` shows the same table (tested).
 * Features never import each other: they meet in `core`.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ingest: ['core'],
  process: ['core'],
  deliver: ['core'],
  destinations: ['core'],
  functions: ['core'],
  control: ['core'],
  archive: ['core'],
  usage: ['core'],
  deletions: ['core'],
  warehouses: ['core'],
  storage: ['core'],
  app: [
    'core',
    'ingest',
    'process',
    'deliver',
    'destinations',
    'functions',
    'control',
    'archive',
    'usage',
    'deletions',
    'warehouses',
    'storage',
  ],
};

/** A test, and what stands in a folder `testing`, may besides take the real engines of `storage`. */
const alsoForTests = ['storage'];

const specifier = /(?:\bfrom|\bimport|\bimport\()\s*(['"])(\.[^'"]*)\1/g;

/** Imports that go against the arrows, each as a sentence. */
export function crossings({ path, code }: Source): string[] {
  const from = folderOf(path);
  const test = testCode.test(path);
  const allowed = [from, ...(arrows[from] ?? []), ...(test ? alsoForTests : [])];
  return [...code.matchAll(specifier)].flatMap((match) => {
    const target = join(dirname(path), match[2] ?? '');
    const to = target.startsWith('src/') ? folderOf(target) : undefined;
    if (to !== undefined && allowed.includes(to) && (test || !testCode.test(target))) return [];
    return [
      `${place(path, code, match.index)}: ${from} may not import ${target}: see test/tidy/arrows.ts`,
    ];
  });
}

/** Tests, and code that only tests use. */
export const testCode = /\.test\.ts$|^src\/(?:[\w-]+\/)+testing\/|conformance/;

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** The rows of the table in a page that has one: folder in the first column, what it may import in the second. */
export function arrowsIn(page: string): Record<string, string[]> {
  const start = page.indexOf('| folder in `src/` | may import |');
  const rows = page.slice(start).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return Object.fromEntries(
    rows.map((row) => {
      const [, folder = '', targets = ''] = row.split('|');
      return [named(folder)[0] ?? '', named(targets)];
    }),
  );
}

function named(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)\/?`/g)].map((match) => match[1] ?? '');
}
