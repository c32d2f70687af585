import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { allows } from '../../access/permission.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { ReadContext } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { once } from '../../once.ts';
import { parseQuery, typedQuery } from '../../public-api/frame/parse-query.ts';
import type { Requests } from '../../public-api/frame/requests.ts';
import { runWrite, type WriteRunner } from '../../public-api/frame/run-write.ts';
import { schemaJson } from '../../public-api/frame/schema-json.ts';
import { withWorkspaceKinds } from '../../with-workspace-kinds.ts';
import { acceptBasic } from './accept-basic.ts';
import type { ConfigOperation } from './config-operation.ts';
import { isWorkspace } from './resource-name.ts';
import { targetOf } from './target-of.ts';

export interface ConfigApiOptions {
  readonly environment: Environment;
  readonly requests: Requests;
  /** Requests a minute and token, of all operations together. */
  readonly perMinute: number;
  readonly writes: WriteRunner;
}

type Part = Record<string, unknown>;

/** Makes the route of one operation: the whole way from the request to the answer. */
export function bindConfigOperation(
  app: FastifyInstance,
  operation: ConfigOperation,
  { environment, requests, perMinute, writes }: ConfigApiOptions,
): void {
  const { query, body, response } = operation;
  const querySchema = query && once(() => schemaJson(query));
  app.route({
    method: operation.method,
    url: configRoute(operation.path),
    exposeHeadRoute: false,
    bodyLimit: operation.bodyBytes ?? limits.apiBodyBytes,
    config: { operationId: operation.operationId },
    schema: {
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { '2xx': response },
    },
    onRequest: async (request, reply) => {
      if (operation.basic) acceptBasic(request);
      const principal = await requests.authenticate(request);
      requests.count(principal, 'config-api', perMinute, reply);
      if (!allows(principal.permission, operation.permission)) {
        throw new TributaryError('forbidden', 'insufficient scope');
      }
    },
    preValidation: async (request) => {
      const { workspace } = paramsOf(request);
      if (workspace !== undefined && !isWorkspace(environment, workspace)) {
        throw new TributaryError('not_found', `Workspace '${workspace}' not found.`);
      }
      request.query = querySchema ? typedQuery(querySchema(), queryOf(request)) : {};
      if (operation.body !== undefined) request.body ??= {};
    },
    handler: async (request, reply) => {
      const principal = requests.principal(request);
      const { method, headers } = request;
      const context: ReadContext = {
        environment: await withWorkspaceKinds(environment),
        db: environment.db,
        principal,
        request: { method, headers, answers: 'sdk' },
      };
      const params = paramsOf(request);
      if (principal.grants !== undefined) {
        const level = operation.permission === 'read' ? 'read' : 'admin';
        await requireAccess(
          context.db,
          principal,
          level,
          await targetOf(context.db, operation, params),
        );
      }
      if (operation.notice !== undefined) reply.header('tributary-notice', operation.notice);
      const input = { params, query: object(request.query), body: object(request.body) };
      return operation.kind === 'read'
        ? operation.handle(context, input)
        : runWrite(writes, operation, context, input);
    },
  });
}

/** `/workspaces/{workspace}/metrics:batchGet` as the router spells it: a colon of the path is doubled. */
function configRoute(path: string): string {
  return path.replaceAll(':', '::').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Clients in Python send the parameters of a GET as its body; empty ones are none. */
function queryOf(request: FastifyRequest): ReturnType<typeof parseQuery> {
  const query = parseQuery(request.url.split('?')[1] ?? '');
  for (const [name, value] of Object.entries(query)) if (value === '') delete query[name];
  return request.method === 'GET' ? Object.assign(object(request.body), query) : query;
}

function paramsOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(object(request.params)).map(([name, value]) => [name, String(value)]),
  );
}

/** The validator has seen to it that a declared part is an object of the declared shape. */
function object(part: unknown): Part {
  return typeof part === 'object' && part !== null ? { ...part } : {};
}
