import assert from 'node:assert/strict';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import Type from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { authenticate } from '../../access/authenticate.ts';
import { allows } from '../../access/permission.ts';
import type { Principal } from '../../access/principal.ts';
import type { Environment } from '../../environment.ts';
import { endWhenRevoked } from './end-when-revoked.ts';
import { openEventStream } from './event-stream.ts';
import { answerMediaType } from './media-type.ts';
import type { Operation, ReadContext } from './operation.ts';
import { parseQuery, typedQuery } from './parse-query.ts';
import { RateLimited } from './rate-limited.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { runWrite, type WriteRunner } from './run-write.ts';
import { schemaJson } from './schema-json.ts';

export interface BindOptions {
  readonly environment: Environment;
  readonly limiter: RateLimiter;
  readonly perMinute: number;
  readonly writes: WriteRunner;
}

/** Makes the routes of one operation: the whole way from the request to the answer. */
export function bindOperation(
  app: FastifyInstance,
  operation: Operation,
  options: BindOptions,
): void {
  const principals = new WeakMap<FastifyRequest, Principal>();
  const querySchema = operation.query && schemaJson(operation.query);

  const route: Omit<RouteOptions, 'url'> = {
    method: operation.method,
    exposeHeadRoute: false,
    bodyLimit: limits.apiBodyBytes,
    config: { operationId: operation.operationId },
    schema: routeSchema(operation),
    onRequest: async (request, reply) => {
      const principal = await authenticate(options.environment.db, request.headers.authorization);
      admit(operation, principal, reply, options);
      principals.set(request, principal);
    },
    preValidation: async (request) => {
      const query = parseQuery(request.url.split('?')[1] ?? '');
      liftBodyPagination(operation, query, request.body);
      request.query = querySchema ? typedQuery(querySchema, query) : {};
      if (operation.body !== undefined) request.body ??= {};
    },
    handler: (request, reply) => {
      const principal = principals.get(request);
      assert(principal !== undefined, 'onRequest has authenticated every request');
      const { environment } = options;
      const { method, headers } = request;
      const context = { environment, db: environment.db, principal, request: { method, headers } };
      return answer(operation, context, request, reply, options);
    },
  };
  for (const path of [operation.path, ...(operation.aliases ?? [])]) {
    app.route({ ...route, url: routePath(path) });
  }
}

/** `/sources/{sourceId}` as the router spells it. */
export function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function routeSchema(operation: Operation): Record<string, unknown> {
  const { params, query, body } = operation;
  return {
    ...(params && { params: schemaJson(params) }),
    ...(query && { querystring: schemaJson(query) }),
    ...(body && { body: schemaJson(body) }),
    ...(operation.kind === 'stream'
      ? {}
      : {
          response: {
            '2xx': schemaJson(Type.Object({ data: operation.response })),
          },
        }),
  };
}

/** Counts the request, shows the count, and refuses what is too much or not permitted. */
function admit(
  operation: Operation,
  principal: Principal,
  reply: FastifyReply,
  { environment, limiter, perMinute }: BindOptions,
): void {
  const most = operation.perMinute ?? perMinute;
  const state = limiter.consume(`${principal.tokenId} ${operation.operationId}`, most);
  reply.header('x-ratelimit-consumed', state.consumed);
  reply.header('x-ratelimit-remaining', state.remaining);
  reply.header(
    'x-ratelimit-reset',
    new Date(environment.clock.now() + state.resetMs).toUTCString(),
  );
  if (!state.allowed) throw new RateLimited(state);
  if (!allows(principal.permission, operation.permission)) {
    throw new TributaryError(
      'forbidden',
      `The access token lacks the permission "${operation.permission}"`,
    );
  }
}

/** Older clients send `{"pagination":{}}` as the body of a GET (spec public-api §4). */
function liftBodyPagination(
  operation: Operation,
  query: Record<string, unknown>,
  body: unknown,
): void {
  if (operation.method !== 'GET' || operation.query?.properties['pagination'] === undefined) return;
  if (typeof body !== 'object' || body === null || !('pagination' in body)) return;
  query['pagination'] ??= body.pagination;
}

async function answer(
  operation: Operation,
  context: ReadContext,
  request: FastifyRequest,
  reply: FastifyReply,
  options: BindOptions,
): Promise<unknown> {
  const input = {
    params: object(request.params),
    query: object(request.query),
    body: object(request.body),
  };
  if (operation.kind === 'stream') {
    const start = await operation.handle(context, input);
    reply.hijack();
    const stream = openEventStream(reply.raw);
    endWhenRevoked(stream, context);
    start(stream);
    return reply;
  }
  const data =
    operation.kind === 'read'
      ? await operation.handle(context, input)
      : await runWrite(options.writes, operation, context, input);
  if (operation.kind === 'write') reply.status(operation.status ?? 200);
  reply.type(answerMediaType(request.headers.accept, operation.tiers));
  return reply.send({ data });
}

/** The validator has seen to it that a declared part is an object of the declared shape. */
function object(part: unknown): Record<PropertyKey, unknown> {
  return typeof part === 'object' && part !== null ? { ...part } : {};
}
