import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a page of another origin may read of an answer; without it browsers hide Retry-After (spec §4). */
const exposed = 'Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';
const usualHeaders = 'authorization, content-type, content-encoding, x-retry-count';

/** The headers of an answer to a page of `origin`. The origin is echoed: `*` fails for requests with credentials. */
export function corsHeaders(origin: string): string[] {
  return [
    'Access-Control-Allow-Origin',
    origin,
    'Vary',
    'Origin',
    'Access-Control-Allow-Credentials',
    'true',
    'Access-Control-Expose-Headers',
    exposed,
  ];
}

/** Answers a preflight. The requested headers are echoed, since pages may add their own (spec §4). */
export function preflight(
  request: IncomingMessage,
  response: ServerResponse,
  methods: string,
  rate: readonly string[],
): void {
  const { origin } = request.headers;
  const headers = ['Allow', methods, ...rate];
  if (origin !== undefined) {
    headers.push(
      'Access-Control-Allow-Origin',
      origin,
      'Access-Control-Allow-Credentials',
      'true',
      'Access-Control-Allow-Methods',
      methods,
      'Access-Control-Allow-Headers',
      request.headers['access-control-request-headers'] ?? usualHeaders,
      'Access-Control-Max-Age',
      '86400',
      'Vary',
      'Origin, Access-Control-Request-Headers',
    );
  }
  response.writeHead(204, headers).end();
}
