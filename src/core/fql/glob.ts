/** Whether a text as a whole fits a pattern. */
export type Glob = (text: string) => boolean;

type Part =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'character'; readonly code: number }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [from: number, to: number])[];
    };

/**
 * A pattern of `*`, `?`, `[abc]`, `[a-z]`, `[^a]` and escapes by `\` (spec tracking-api §10.2); undefined when it is
 * none: a bracket or an escape that does not end. Case counts. Takes time in proportion to text times pattern at most.
 */
export function compileGlob(pattern: string): Glob | undefined {
  const parts = readParts(pattern);
  return (
    parts &&
    ((text) =>
      fits(
        parts,
        Array.from(text, (character) => codeOf(character)),
      ))
  );
}

function fits(parts: readonly Part[], text: readonly number[]): boolean {
  let part = 0;
  let at = 0;
  /** Where to go on when it fails: the last `*`, given one character more. */
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted?.kind === 'any') {
      star = part;
      starAt = at;
      part += 1;
    } else if (wanted !== undefined && takes(wanted, text[at] ?? 0)) {
      part += 1;
      at += 1;
    } else if (star !== -1) {
      part = star + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (parts[part]?.kind === 'any') part += 1;
  return part === parts.length;
}

function takes(part: Part, code: number): boolean {
  if (part.kind === 'character') return part.code === code;
  if (part.kind !== 'set') return true;
  return part.ranges.some(([from, to]) => from <= code && code <= to) !== part.negated;
}

function readParts(pattern: string): Part[] | undefined {
  const characters = [...pattern];
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') parts.push({ kind: 'any' });
    else if (character === '?') parts.push({ kind: 'one' });
    else if (character === '[') {
      const set = readSet(characters, at + 1);
      if (set === undefined) return undefined;
      parts.push(set.part);
      at = set.end;
    } else {
      if (character === '\\') at += 1;
      const own = characters[at];
      if (own === undefined) return undefined;
      parts.push({ kind: 'character', code: codeOf(own) });
    }
  }
  return parts;
}

/** From behind the `[`; `end` is its `]`. A `]` that comes first stands for itself. */
function readSet(characters: readonly string[], start: number) {
  const negated = characters[start] === '^';
  const first = negated ? start + 1 : start;
  const ranges: [number, number][] = [];
  for (let at = first; ; at += 1) {
    if (characters[at] === ']' && at > first) {
      return { part: { kind: 'set', negated, ranges } as const, end: at };
    }
    if (characters[at] === '\\') at += 1;
    const from = characters[at];
    if (from === undefined) return undefined;
    let to = from;
    if (characters[at + 1] === '-' && characters[at + 2] !== ']') {
      at += characters[at + 2] === '\\' ? 3 : 2;
      const last = characters[at];
      if (last === undefined) return undefined;
      to = last;
    }
    ranges.push([codeOf(from), codeOf(to)]);
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
