import type { FqlProblem } from './fql-node.ts';

export type FqlToken = { readonly position: number } & (
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A path, or a word: then `plain` is its text, and nothing of it was escaped. */
  | { readonly kind: 'path'; readonly keys: readonly string[]; readonly plain: string | undefined }
  | { readonly kind: 'sign'; readonly sign: string }
  | { readonly kind: 'end' }
);

type Tokens =
  | { readonly ok: true; readonly tokens: readonly FqlToken[] }
  | { readonly ok: false; readonly problem: FqlProblem };

const space = /[ \t\r\n]+/y;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const sign = /!=|>=|<=|[=!<>()[\],]/y;
const pathStart = /[A-Za-z_\\]/;
const keyCharacters = /[A-Za-z0-9_-]+/y;

/** Cuts a text into tokens; the last one is always `end`. Never throws. */
export function tokenizeFql(text: string): Tokens {
  const tokens: FqlToken[] = [];
  let at = 0;
  for (;;) {
    at += taken(space, text, at).length;
    if (at >= text.length) return { ok: true, tokens: [...tokens, { kind: 'end', position: at }] };
    const next = readToken(text, at);
    if ('message' in next) return { ok: false, problem: next };
    tokens.push(next.token);
    at = next.end;
  }
}

type Read = { readonly token: FqlToken; readonly end: number } | FqlProblem;

function readToken(text: string, at: number): Read {
  const first = text.charAt(at);
  if (first === "'" || first === '"') return readString(text, at, first);
  const digits = taken(number, text, at);
  if (digits !== '') return readNumber(digits, at);
  const found = taken(sign, text, at);
  if (found !== '') {
    return { token: { kind: 'sign', sign: found, position: at }, end: at + found.length };
  }
  if (pathStart.test(first)) return readPath(text, at);
  return { position: at, message: `${quoted(text, at)} is not expected here` };
}

/** Of the escapes only those of quotes and of `\` itself are undone: patterns have escapes of their own. */
function readString(text: string, start: number, quote: string): Read {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === quote) {
      return { token: { kind: 'string', text: value, position: start }, end: at + 1 };
    }
    const next = text.charAt(at + 1);
    if (character === '\\' && (next === '\\' || next === "'" || next === '"')) {
      value += next;
      at += 1;
    } else value += character;
  }
  return { position: start, message: 'the text in quotes does not end' };
}

function readNumber(digits: string, at: number): Read {
  const value = Number(digits);
  if (!Number.isFinite(value)) return { position: at, message: 'the number is too large' };
  return { token: { kind: 'number', value, position: at }, end: at + digits.length };
}

function readPath(text: string, start: number): Read {
  const keys: string[] = [];
  let escaped = false;
  let at = start;
  for (;;) {
    let key = '';
    const keyStart = at;
    for (;;) {
      const plain = taken(keyCharacters, text, at);
      key += plain;
      at += plain.length;
      if (text.charAt(at) !== '\\') break;
      const code = text.codePointAt(at + 1);
      if (code === undefined) return { position: at, message: 'nothing follows the "\\"' };
      escaped = true;
      const character = String.fromCodePoint(code);
      key += character;
      at += 1 + character.length;
    }
    if (at === keyStart) return { position: at, message: 'a key is expected after the "."' };
    keys.push(key);
    if (text.charAt(at) !== '.') break;
    at += 1;
  }
  const plain = keys.length === 1 && !escaped ? keys[0] : undefined;
  return { token: { kind: 'path', keys, plain, position: start }, end: at };
}

function taken(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function quoted(text: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
}
