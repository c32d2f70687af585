import type { IncomingHttpHeaders } from 'node:http';
import type { Http } from '../../src/core/http.ts';
import {
  bodyOf,
  type LoopbackServer,
  loopbackServer,
} from '../../src/core/testing/loopback-server.ts';

/** One request that the echo got. */
export interface Echoed {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server in the place of every vendor: it answers 200 with an empty JSON object and keeps what it got. */
export interface Echo {
  readonly server: LoopbackServer;
  readonly requests: Echoed[];
}

/** Names the vendor to the echo. */
const vendorHost = 'x-vendor-host';

export async function startEcho(): Promise<Echo> {
  const requests: Echoed[] = [];
  const server = await loopbackServer(async (request, response) => {
    const { [vendorHost]: host, ...headers } = request.headers;
    requests.push({
      method: request.method ?? '',
      host: String(host ?? headers.host),
      path: request.url ?? '',
      headers,
      body: await bodyOf(request),
    });
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  return { server, requests };
}

/** `http`, with every request going to the echo. */
export function toEcho(http: Http, { server }: Echo): Http {
  return {
    request: (request) => {
      const { host, pathname, search } = new URL(request.url);
      const headers = { ...request.headers, [vendorHost]: host };
      return http.request({ ...request, url: `${server.url}${pathname}${search}`, headers });
    },
  };
}
