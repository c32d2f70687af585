import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { FreeObject, oneOf } from '../frame/schema.ts';

/** Longest delay that is granted, milliseconds. */
const mostDelayMs = 10_000;

const get = 'get' as const;

/** Answers what it was asked to: clients try their error handling on it (spec public-api §6). */
export const echo = readOperation({
  operationId: 'echo',
  method: 'GET',
  path: '/echo',
  tag: 'Testing',
  summary: 'Answers with the message, or with the error asked for',
  permission: 'read',
  on: 'workspace',
  tiers: ['v1', 'v1alpha'],
  query: Type.Object({
    message: Type.String(),
    delay: Type.Optional(Type.Number({ minimum: 0, maximum: mostDelayMs })),
    triggerError: Type.Optional(Type.Boolean()),
    triggerMultipleErrors: Type.Optional(Type.Boolean()),
    triggerUnexpectedError: Type.Optional(Type.Boolean()),
    statusCode: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
  }),
  response: Type.Object({
    method: oneOf(['get', 'post']),
    message: Type.String(),
    headers: FreeObject,
  }),
  handle: async ({ environment, request }, { query }) => {
    if (query.delay !== undefined) await environment.clock.sleep(query.delay);
    const failure = failureAsked(query);
    if (failure !== undefined) throw failure;
    return { method: get, message: query.message, headers: withoutSecrets(request.headers) };
  },
});

function failureAsked(query: {
  readonly message: string;
  readonly triggerError?: boolean;
  readonly triggerMultipleErrors?: boolean;
  readonly triggerUnexpectedError?: boolean;
  readonly statusCode?: number;
}): TributaryError | undefined {
  const problem = { field: '', message: query.message };
  if (query.triggerError) return new InputFailure([problem], query.statusCode);
  if (query.triggerMultipleErrors) return new InputFailure([problem, problem], query.statusCode);
  if (query.triggerUnexpectedError) return new TributaryError('internal_error', query.message);
  return undefined;
}

/** The caller's own headers, without its token. */
function withoutSecrets(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): JsonObject {
  const { authorization: _secret, cookie: _cookie, ...rest } = headers;
  return rest;
}
