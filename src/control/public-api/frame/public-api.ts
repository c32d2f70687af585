import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import type { AnswerStyle } from '../../access/principal.ts';
import { frameAnswers, noteError, pathOf } from './answer-frame.ts';
import { type BindOptions, bindOperation, routePath } from './bind-operation.ts';
import { errorAnswer } from './error-envelope.ts';
import { isJsonMediaType } from './media-type.ts';
import { openapiDocument } from './openapi-document.ts';
import type { Method, Operation } from './operation.ts';

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Binds every operation, the document made of them, and the answers to what none of them is. */
export function publicApi(
  operations: readonly Operation[],
  options: BindOptions & { readonly apiUrl?: string | undefined },
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    frameAnswers(app, ({ headers }, text) => parseBody(headers['content-type'], text));
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
  const text = `There is no ${request.method} ${pathOf(request)}`;
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
  noteError(error, errorAnswer(error).status, request, reply, environment);
  return answerError(error, reply, requests.answers(request));
}
