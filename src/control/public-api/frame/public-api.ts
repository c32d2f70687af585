import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import type { AnswerStyle } from '../../access/principal.ts';
import { type BindOptions, bindOperation, routePath } from './bind-operation.ts';
import { errorAnswer } from './error-envelope.ts';
import { isJsonMediaType } from './media-type.ts';
import { openapiDocument } from './openapi-document.ts';
import type { Method, Operation } from './operation.ts';
import { RateLimited } from './rate-limited.ts';

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Binds every operation, the document made of them, and the answers to what none of them is. */
export function publicApi(
  operations: readonly Operation[],
  options: BindOptions & { readonly apiUrl?: string | undefined },
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    // Some clients send the pagination of a list as the body of a GET.
    app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'string' },
      async (request: FastifyRequest, text: string) => {
        return parseBody(request.headers['content-type'], text);
      },
    );
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      reply.header('x-content-type-options', 'nosniff');
    });
    app.setErrorHandler<FastifyError>((error, request, reply) =>
      sendError(error, request, reply, options),
    );
    app.setNotFoundHandler(answerUnknown);
    for (const operation of operations) bindOperation(app, operation, options);
    refuseOtherMethods(app, operations);
    const document = JSON.stringify(openapiDocument(operations, options.apiUrl));
    app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(document));
  };
}

/** Answers what no route takes. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const text = `There is no ${request.method} ${path(request)}`;
  return answerError(new TributaryError('not_found', text), reply);
}

/** Any error as an answer in the envelope. */
export function answerError(
  error: unknown,
  reply: FastifyReply,
  answers: AnswerStyle = 'sdk',
): FastifyReply {
  const { status, body } = errorAnswer(error, answers);
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** An empty body is none, whatever its media type: clients label requests that carry nothing. */
function parseBody(contentType: string | undefined, text: string): unknown {
  if (text === '') return undefined;
  if (contentType !== undefined && !isJsonMediaType(contentType)) {
    throw new TributaryError('unsupported_media_type', 'The body must be application/json');
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TributaryError('input_validation', 'The body is not valid JSON', { cause });
  }
}

function refuseOtherMethods(app: FastifyInstance, operations: readonly Operation[]): void {
  const allowed = new Map<string, Set<Method>>();
  for (const operation of operations) {
    for (const path of [operation.path, ...(operation.aliases ?? [])]) {
      const url = routePath(path);
      allowed.set(url, (allowed.get(url) ?? new Set()).add(operation.method));
    }
  }
  for (const [url, set] of allowed) {
    app.route({
      method: [...methods.filter((method) => !set.has(method)), 'HEAD', 'OPTIONS'],
      url,
      handler: (_request, reply) => {
        reply.header('allow', [...set].join(', '));
        throw new TributaryError('method_not_allowed', `Allowed here: ${[...set].join(', ')}`);
      },
    });
  }
}

function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { environment, requests }: BindOptions,
): FastifyReply {
  const { status } = errorAnswer(error);
  if (status >= 500 && status !== 501) {
    environment.logger.error(
      { err: error, method: request.method, path: path(request) },
      'request failed',
    );
  }
  if (error instanceof RateLimited) {
    reply.header('retry-after', Math.ceil(error.state.resetMs / 1_000));
  }
  return answerError(error, reply, requests.answers(request));
}

function path(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
