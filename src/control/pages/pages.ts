import type { FastifyInstance } from 'fastify';
import type { Operation } from '../public-api/frame/operation.ts';
import { apiPage } from './api-page.ts';
import { startPage } from './start-page.ts';

const plainHost = /^[\w.:[\]-]+$/;

const html = 'text/html; charset=utf-8';

/**
 * The pages a person sees: where to begin, and the list of operations. They load nothing from elsewhere,
 * and name the server as the configuration or else the Host header does.
 */
export function pages(
  operations: readonly Operation[],
  publicUrl: string | undefined,
): (app: FastifyInstance) => Promise<void> {
  const docs = apiPage(operations);
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
      const host = plainHost.test(request.host) ? request.host : 'localhost:8080';
      return reply.type(html).send(startPage(publicUrl ?? `http://${host}`));
    });
    app.get('/docs', (_request, reply) => reply.type(html).send(docs));
  };
}
