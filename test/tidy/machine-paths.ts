import { place } from './source.ts';

/** What belongs to one machine and means nothing in a clone. Written so that the rule does not find itself. */
const foreign = [
  { pattern: /\/wor[k]\//g, what: 'a path of one machine' },
  { pattern: /\/tm[p]\/\w/g, what: 'a path of one machine: use os.tmpdir()' },
  { pattern: /\/hom[e]\/\w/g, what: 'a path of one machine' },
  { pattern: /\.\.\/share[d]\b/g, what: 'a folder that a clone does not have' },
  { pattern: /\bregistr[y]\.(npm|yarn)|:\/\/[^\s/]*registr[y]/g, what: 'the host of a registry' },
] as const;

export function machinePaths(path: string, text: string): string[] {
  return foreign.flatMap(({ pattern, what }) =>
    [...text.matchAll(pattern)].map(
      (match) => `${place(path, text, match.index)}: ${match[0]}: ${what}`,
    ),
  );
}
