import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one request; `match` holds the variable parts of the path, decoded. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  match: readonly string[],
) => void;

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly handle: Handler;
}

/** A path of ingest's own: exact, or with variable parts. */
export interface PathRoute {
  readonly path: string | RegExp;
  readonly route: Route;
}

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly match: readonly string[] }
  /** One of ingest's folders, but nothing there. */
  | { readonly kind: 'nothing' }
  /** Not ingest's: the control plane's. */
  | { readonly kind: 'elsewhere' };

const ownFolders = /^\/(?:v1|v0|fn|analytics\.js|analytics-next|next-integrations)(?:\/|$)/;
const none: readonly string[] = [];

/** The routing table. The known paths as SDKs send them are found with one lookup and no parsing. */
export class Routes {
  readonly #exact = new Map<string, Found>();
  readonly #patterns: { readonly path: RegExp; readonly route: Route }[] = [];

  constructor(routes: readonly PathRoute[]) {
    for (const { path, route } of routes) {
      if (typeof path !== 'string') this.#patterns.push({ path, route });
      else {
        this.#exact.set(path, { kind: 'route', route, match: none });
        this.#exact.set(`${path}/`, { kind: 'route', route, match: none });
      }
    }
  }

  find(url: string): Found {
    return this.#exact.get(url) ?? this.#search(pathOf(url));
  }

  #search(path: string): Found {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    for (const { path: pattern, route } of this.#patterns) {
      const match = pattern.exec(path);
      if (match !== null) return { kind: 'route', route, match: match.slice(1).map(decoded) };
    }
    return { kind: ownFolders.test(path) ? 'nothing' : 'elsewhere' };
  }
}

/** The path of a request target: no host, no query, no doubled or trailing slashes. */
function pathOf(url: string): string {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '');
  const [path = ''] = target.split('?', 1);
  const plain = path.replace(/\/{2,}/g, '/');
  return plain.length > 1 ? plain.replace(/\/$/, '') : plain;
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    // Not an escape after all: no key or file has such a name, so nothing will be found.
    return '';
  }
}
