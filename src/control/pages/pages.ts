import type { FastifyInstance, FastifyRequest } from 'fastify';
import { once } from '../once.ts';
import type { Operation } from '../public-api/frame/operation.ts';
import { apiPage } from './api-page.ts';
import { startPage } from './start-page.ts';

/** Where clients reach this server, as far as that is configured. */
interface Addresses {
  readonly publicUrl: string | undefined;
  /** The port for events, where the pages are on another. */
  readonly trackingPort: number | undefined;
}

const plainHost = /^[\w.:[\]-]+$/;

const html = 'text/html; charset=utf-8';

/**
 * The pages a person sees: where to begin, and the list of operations. They load nothing from elsewhere,
 * and name the server as the configuration or else the Host header does.
 */
export function pages(
  operations: readonly Operation[],
  { publicUrl, trackingPort }: Addresses,
): (app: FastifyInstance) => Promise<void> {
  const docs = once(() => apiPage(operations));
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      reply.header('x-frame-options', 'DENY');
      reply.header('referrer-policy', 'no-referrer');
      reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      );
    });
    app.get('/', (request, reply) => {
      const here = addressOf(request);
      if (trackingPort === undefined) return reply.type(html).send(startPage(publicUrl ?? here));
      return reply.type(html).send(startPage(publicUrl ?? atPort(here, trackingPort), here));
    });
    app.get('/docs', (_request, reply) => reply.type(html).send(docs()));
  };
}

/** What the request says of the address it was sent to. Ingest, the only one to reach this process, has checked the scheme. */
function addressOf({ headers, host }: FastifyRequest): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const origin = plainHost.test(host) ? URL.parse(`${scheme}://${host}`) : null;
  return origin?.origin ?? `${scheme}://localhost:8080`;
}

function atPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.origin;
}
