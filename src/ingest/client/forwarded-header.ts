/** One proxy's word on the request it got: a forwarded-element of RFC 7239 §4. */
export interface ForwardedElement {
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

/** A pair and what ends it. */
const pair = /\s*(?:([!#$%&'*+.^`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]*)))?\s*(;|,|$)/y;

/**
 * The elements of a `Forwarded` header, the nearest proxy's last. Undefined when it is malformed: an
 * unfinished quote of a client would swallow what proxies append, so nothing in it can be believed.
 */
export function parseForwarded(text: string): ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  let pairs: [string, string][] = [];
  let at = 0;
  while (at <= text.length) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) return undefined;
    const [whole, name, quoted, token, end] = match;
    if (name !== undefined) {
      const value = quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1');
      pairs.push([name.toLowerCase(), value]);
    }
    at += whole.length;
    if (end === ';') continue;
    if (pairs.length > 0) elements.push(Object.fromEntries(pairs));
    pairs = [];
    if (end !== ',') return elements;
  }
  return elements;
}
