/** Clean already: returned as it is, also with digits inside. */
const clean = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;
/** The longest beginning that is clean; a `_` after it may follow. */
const cleanStart = /^[a-z0-9]+(?:_[a-z0-9]+)*/;

/**
 * A name as Segment's warehouses have it (spec tracking-api §14.2 and Appendix D). Whatever is neither a letter nor a
 * digit of ASCII separates and is left out, so the result may be empty. A token is a run of capitals and digits with the
 * run of small letters and digits that follows: an acronym is not split.
 */
export function snakeCase(name: string): string {
  if (clean.test(name)) return name;
  const start = cleanStart.exec(name)?.[0] ?? '';
  const upper = /^[A-Z0-9]+/.exec(name.slice(start.length))?.[0] ?? '';
  const last = start.slice(start.lastIndexOf('_') + 1);
  // A clean beginning of digits alone, since its last `_`, and the capitals after it are one token.
  const isJoined = start !== '' && upper !== '' && !/[a-z]/.test(last);
  if (!isJoined) return tokensOf(name).join('_');
  const small = /^[a-z0-9]*/.exec(name.slice(start.length + upper.length))?.[0] ?? '';
  const joined = (start + upper + small).toLowerCase();
  return [joined, ...tokensOf(name.slice(joined.length))].join('_');
}

function tokensOf(text: string): string[] {
  const found = text.match(/[A-Z0-9]+[a-z0-9]*|[a-z0-9]+/g) ?? [];
  return found.map((token) => token.toLowerCase());
}
