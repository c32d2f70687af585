import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { allows } from '../../access/permission.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { ReadContext } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { once } from '../../once.ts';
import { type TObject, Type } from '../../schemas/type.ts';
import { withWorkspaceKinds } from '../../with-workspace-kinds.ts';
import { endWhenRevoked } from './end-when-revoked.ts';
import { openEventStream } from './event-stream.ts';
import { answerMediaType } from './media-type.ts';
import type { Input, Operation } from './operation.ts';
import { parseQuery, typedQuery } from './parse-query.ts';
import type { Requests } from './requests.ts';
import { runWrite, type WriteRunner } from './run-write.ts';
import { schemaJson } from './schema-json.ts';
import { sendSeedAnswer } from './seed-answer.ts';
import { targetOf } from './target-of.ts';

export interface BindOptions {
  readonly environment: Environment;
  readonly requests: Requests;
  /** Requests a minute, token and operation, where the operation has no figure of its own. */
  readonly perMinute: number;
  /** False: the figures of the operations do not count. */
  readonly ownRates: boolean;
  readonly writes: WriteRunner;
}

type Parts = Input<TObject, TObject, TObject>;
type Part = Record<string, unknown>;

/** Makes the routes of one operation: the whole way from the request to the answer. */
export function bindOperation(
  app: FastifyInstance,
  operation: Operation,
  options: BindOptions,
): void {
  const { environment, requests } = options;
  const { query: declared } = operation;
  const querySchema = declared && once(() => schemaJson(declared));

  const route: Omit<RouteOptions, 'url'> = {
    method: operation.method,
    exposeHeadRoute: false,
    bodyLimit: operation.bodyBytes ?? limits.apiBodyBytes,
    config: { operationId: operation.operationId },
    schema: routeSchema(operation),
    onRequest: async (request, reply) => {
      const principal = await requests.authenticate(request);
      const own = options.ownRates ? operation.perMinute : undefined;
      const perMinute = own ?? options.perMinute;
      requests.count(principal, operation.operationId, perMinute, reply);
      if (!allows(principal.permission, operation.permission)) {
        const text = `The access token lacks the permission "${operation.permission}"`;
        throw new TributaryError('forbidden', text);
      }
      if (operation.kind === 'absent') throw absent(operation);
    },
    preValidation: async (request) => {
      const query = parseQuery(request.url.split('?')[1] ?? '');
      liftBodyPagination(operation, query, request.body);
      if (requests.answers(request) === 'seed') liftSeedCount(operation, query);
      request.query = querySchema ? typedQuery(querySchema(), query) : {};
      if (operation.body !== undefined) request.body ??= {};
    },
    handler: async (request, reply) => {
      const principal = requests.principal(request);
      const { method, headers } = request;
      const answers = requests.answers(request);
      const context: ReadContext = {
        environment: await withWorkspaceKinds(environment),
        db: environment.db,
        principal,
        request: { method, headers, answers },
      };
      const input = partsOf(request);
      const level = operation.permission === 'read' ? 'read' : 'admin';
      if (principal.grants !== undefined) {
        const target = await targetOf(context.db, operation.on, input);
        await requireAccess(context.db, principal, level, target);
      }
      return answer(operation, context, input, request, reply, options);
    },
  };
  for (const path of [operation.path, ...(operation.aliases ?? [])]) {
    app.route({ ...route, url: routePath(path) });
  }
}

/** `/sources/{sourceId}` as the router spells it. */
function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function absent({ operationId }: Operation): TributaryError {
  return new TributaryError('not_implemented', `This server does not offer ${operationId}`);
}

function routeSchema(operation: Operation): Record<string, unknown> {
  const { params, query, body, kind } = operation;
  return {
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...(kind === 'read' || kind === 'write'
      ? { response: { '2xx': Type.Object({ data: operation.response }) } }
      : {}),
  };
}

/** Older clients send `{"pagination":{}}` as the body of a GET (spec public-api §4). */
function liftBodyPagination(operation: Operation, query: Part, body: unknown): void {
  if (operation.method !== 'GET' || operation.query?.properties['pagination'] === undefined) return;
  if (typeof body !== 'object' || body === null || !('pagination' in body)) return;
  query['pagination'] ??= body.pagination;
}

/** A page of seed 004 has ten entries unless more are asked for. */
function liftSeedCount(operation: Operation, query: Part): void {
  if (operation.query?.properties['pagination'] === undefined) return;
  const given = query['pagination'];
  if (given === undefined) query['pagination'] = { count: limits.pageCountSeed };
  else if (typeof given === 'object' && given !== null && !('count' in given)) {
    query['pagination'] = { ...given, count: limits.pageCountSeed };
  }
}

async function answer(
  operation: Operation,
  context: ReadContext,
  input: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  options: BindOptions,
): Promise<unknown> {
  if (operation.kind === 'absent') throw absent(operation);
  if (operation.kind === 'stream') {
    const start = await operation.handle(context, input);
    reply.hijack();
    const stream = openEventStream(reply.raw, operation.contentType);
    endWhenRevoked(stream, context);
    start(stream);
    return reply;
  }
  const data =
    operation.kind === 'read'
      ? await operation.handle(context, input)
      : await runWrite(options.writes, operation, context, input);
  reply.type(answerMediaType(request.headers.accept, operation.tiers));
  if (operation.notice !== undefined) reply.header('tributary-notice', operation.notice);
  if (context.request.answers === 'seed') return sendSeedAnswer(operation, context, data, reply);
  if (operation.kind === 'write') reply.status(operation.status ?? 200);
  return reply.send({ data });
}

function partsOf(request: FastifyRequest): Parts {
  return {
    params: object(request.params),
    query: object(request.query),
    body: object(request.body),
  };
}

/** The validator has seen to it that a declared part is an object of the declared shape. */
function object(part: unknown): Part {
  return typeof part === 'object' && part !== null ? { ...part } : {};
}
