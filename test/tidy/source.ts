import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../files.ts';
import { repository } from '../rig/repository.ts';

/** A source file as the rules look at it. */
export interface Source {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Without comments; lines stay where they are. */
  readonly code: string;
  /** Without comments and without what stands in quotes. */
  readonly bare: string;
  readonly comments: string;
}

/** A comment, or something in quotes in which a comment cannot begin. */
const token =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const blank = (text: string) => text.replace(/[^\n]/g, ' ');

export function source(path: string, text: string): Source {
  const tokens = [...text.matchAll(token)];
  const keep = (wanted: (comment: boolean) => boolean) => {
    let kept = '';
    let at = 0;
    for (const match of tokens) {
      const found = match[0];
      kept += text.slice(at, match.index) + (wanted(match[1] !== undefined) ? found : blank(found));
      at = match.index + found.length;
    }
    return kept + text.slice(at);
  };
  return {
    path,
    text,
    code: keep((comment) => !comment),
    bare: keep(() => false),
    comments: tokens.reduce(
      (rest, match) =>
        match[1] === undefined
          ? rest
          : rest.slice(0, match.index) + match[1] + rest.slice(match.index + match[1].length),
      blank(text),
    ),
  };
}

export function readSources(...folders: readonly string[]): Source[] {
  return filesUnder(...folders)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => source(path, readFileSync(join(repository, path), 'utf8')));
}

/** Where a rule is broken, in the words of a compiler, so that an editor jumps there. */
export function place(path: string, text: string, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`;
}
