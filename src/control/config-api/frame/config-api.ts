import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import { RateLimited } from '../../public-api/frame/rate-limited.ts';
import { bindConfigOperation, type ConfigApiOptions } from './bind-config-operation.ts';
import { configError } from './config-error.ts';
import type { ConfigOperation } from './config-operation.ts';
import { readBody } from './read-body.ts';

/** Binds every operation of the Config API, and the answers to what none of them is. */
export function configApi(
  operations: readonly ConfigOperation[],
  options: ConfigApiOptions,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'string' },
      async (_request: FastifyRequest, text: string) => readBody(text),
    );
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      reply.header('x-content-type-options', 'nosniff');
    });
    app.setErrorHandler<FastifyError>((error, request, reply) =>
      sendError(error, request, reply, options),
    );
    app.setNotFoundHandler((request, reply) => {
      const text = `There is no ${request.method} ${pathOf(request)}`;
      return answer(new TributaryError('not_found', text), reply);
    });
    for (const operation of operations) bindConfigOperation(app, operation, options);
  };
}

function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { environment }: ConfigApiOptions,
): FastifyReply {
  const { status } = configError(error);
  if (status >= 500 && status !== 501) {
    environment.logger.error(
      { err: error, method: request.method, path: pathOf(request) },
      'request failed',
    );
  }
  if (error instanceof RateLimited) {
    reply.header('retry-after', Math.ceil(error.state.resetMs / 1_000));
  }
  return answer(error, reply);
}

function answer(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, body } = configError(error);
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
