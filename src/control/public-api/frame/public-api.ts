import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import type { AnswerStyle } from '../../access/principal.ts';
import { once } from '../../once.ts';
import { frameAnswers, noteError, pathOf } from './answer-frame.ts';
import { type BindOptions, bindOperation } from './bind-operation.ts';
import { errorAnswer } from './error-envelope.ts';
import { isJsonMediaType } from './media-type.ts';
import { methodsAt } from './methods-at.ts';
import { openapiDocument } from './openapi-document.ts';
import type { Operation } from './operation.ts';

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
    app.setNotFoundHandler(refuseUnknown(app, operations));
    for (const operation of operations) bindOperation(app, operation, options);
    const document = once(() => JSON.stringify(openapiDocument(operations, options.apiUrl)));
    app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(document()));
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

/** What no route takes: the wrong method of a path that there is, or an unknown path. */
function refuseUnknown(
  app: FastifyInstance,
  operations: readonly Operation[],
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const methods = methodsAt(operations);
  return (request, reply) => {
    const allowed = methods(pathOf(request).slice(app.prefix.length));
    if (allowed.length === 0) return answerUnknown(request, reply);
    reply.header('allow', allowed.join(', '));
    const text = `Allowed here: ${allowed.join(', ')}`;
    return answerError(new TributaryError('method_not_allowed', text), reply);
  };
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
