/** A URL taken apart the way a request needs it. */
export interface RequestTarget {
  readonly origin: string;
  readonly path: string;
  /** Basic credentials that stood in the URL. */
  readonly authorization: string | undefined;
}

const most = 1_000;

/** Parsing a URL costs as much as a tenth of a request; targets repeat, so the last ones are kept. */
export function createTargetCache(): (url: string) => RequestTarget | undefined {
  const known = new Map<string, RequestTarget>();
  return (url) => {
    const found = known.get(url);
    if (found !== undefined) return found;
    const target = requestTarget(url);
    if (target === undefined) return undefined;
    if (known.size >= most) known.clear();
    known.set(url, target);
    return target;
  };
}

/** Undefined when `url` is not an absolute http or https URL. */
function requestTarget(url: string): RequestTarget | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
  const { username, password } = parsed;
  return {
    origin: parsed.origin,
    path: parsed.pathname + parsed.search,
    authorization: username === '' && password === '' ? undefined : basic(username, password),
  };
}

function basic(username: string, password: string): string {
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is legal in a URL and means itself.
    return text;
  }
}
