import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Environment } from '../../environment.ts';
import { RateLimited } from './rate-limited.ts';

/** What both APIs read and say alike: any media type, read as text, and answers that nobody keeps or guesses at. */
export function frameAnswers(
  app: FastifyInstance,
  parse: (request: FastifyRequest, text: string) => unknown,
): void {
  // Some clients send the pagination of a list as the body of a GET.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'string' },
    async (request: FastifyRequest, text: string) => parse(request, text),
  );
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff');
  });
}

/** Before an error is answered: a defect is logged, and who asks too often is told when to ask again. */
export function noteError(
  error: unknown,
  status: number,
  request: FastifyRequest,
  reply: FastifyReply,
  { logger }: Environment,
): void {
  if (status >= 500 && status !== 501) {
    logger.error({ err: error, method: request.method, path: pathOf(request) }, 'request failed');
  }
  if (error instanceof RateLimited) {
    reply.header('retry-after', Math.ceil(error.state.resetMs / 1_000));
  }
}

/** The address without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
