import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import { frameAnswers, noteError, pathOf } from '../../public-api/frame/answer-frame.ts';
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
    frameAnswers(app, (_request, text) => readBody(text));
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
  noteError(error, configError(error).status, request, reply, environment);
  return answer(error, reply);
}

function answer(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, body } = configError(error);
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
