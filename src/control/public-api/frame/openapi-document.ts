import { mediaTypes } from './media-type.ts';
import type { Operation } from './operation.ts';
import { schemaJson, strictSchemaJson } from './schema-json.ts';
import { areaOf } from './target-of.ts';

const errorSchema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type'],
        properties: {
          type: { type: 'string' },
          message: { type: 'string' },
          field: { type: 'string' },
          data: {},
          status: { type: 'number' },
        },
      },
    },
  },
};

/** The OpenAPI 3.1 document of what is served, made of the declarations. `apiUrl` is where, if that is configured. */
export function openapiDocument(operations: readonly Operation[], apiUrl = '../api'): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    for (const [index, path] of [operation.path, ...(operation.aliases ?? [])].entries()) {
      const item = paths[path] ?? {};
      paths[path] = item;
      item[operation.method.toLowerCase()] = describe(operation, index);
    }
  }
  const tags = [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name }));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tributary API',
      description: 'The configuration of a Tributary server, in the shape of Segment’s Public API.',
      version: '1',
    },
    // By default relative to the document: a proxy may serve all of it below a prefix.
    servers: [{ url: apiUrl }],
    security: [{ token: [] }],
    tags,
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        RequestErrorEnvelope: errorSchema,
        ...Object.assign({}, ...operations.map(schemasOf)),
      },
    },
  };
}

function describe(operation: Operation, alias: number): object {
  const { operationId, tag, summary, notice, body, tiers } = operation;
  const types = mediaTypes(tiers);
  return {
    operationId: alias === 0 ? operationId : `${operationId}Alias${alias}`,
    tags: [tag],
    summary,
    ...(notice !== undefined && { description: `${notice}.` }),
    'x-permission': operation.permission,
    'x-area': areaOf(operation.on),
    ...(operation.perMinute !== undefined && { 'x-per-minute': operation.perMinute }),
    parameters: parameters(operation),
    ...(body && {
      requestBody: { required: true, content: content(types, reference(operationId, 'Request')) },
    }),
    responses: {
      ...success(operation, types),
      ...Object.fromEntries(
        Object.entries(failures).map(([status, description]) => [
          status,
          {
            description,
            content: content(['application/json'], reference('RequestError', 'Envelope')),
          },
        ]),
      ),
    },
  };
}

const failures = {
  401: 'The access token is missing, unknown or revoked',
  403: 'The access token lacks the permission',
  404: 'There is no such resource',
  409: 'The resource exists already or is in use',
  413: 'The body is too large',
  422: 'A field is missing or of the wrong shape',
  429: 'Too many requests',
  500: 'A defect of the server; it is in its log',
};

function content(types: readonly string[], schema: object): object {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function success(operation: Operation, types: readonly string[]): object {
  if (operation.kind === 'absent') {
    const schema = reference('RequestError', 'Envelope');
    return { 501: { description: 'Not offered here', content: content(types, schema) } };
  }
  if (operation.kind === 'stream') {
    const { contentType = 'text/event-stream' } = operation;
    const stream = { [contentType]: { schema: { type: 'string' } } };
    return { 200: { description: 'A stream', content: stream } };
  }
  const status = (operation.kind === 'write' ? operation.status : undefined) ?? 200;
  return {
    [status]: {
      description: 'OK',
      content: content(types, reference(operation.operationId, 'Response')),
    },
  };
}

/** The request and answer of an operation, once: every media type refers to them. */
function schemasOf(operation: Operation): Record<string, object> {
  const name = capital(operation.operationId);
  return {
    ...(operation.body && { [`${name}Request`]: schemaJson(operation.body) }),
    ...((operation.kind === 'read' || operation.kind === 'write') && {
      [`${name}Response`]: {
        type: 'object',
        required: ['data'],
        properties: { data: strictSchemaJson(operation.response) },
        additionalProperties: false,
      },
    }),
  };
}

function reference(operationId: string, suffix: string): object {
  return { $ref: `#/components/schemas/${capital(operationId)}${suffix}` };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function parameters({ params, query }: Operation): object[] {
  const required: readonly string[] = query?.required ?? [];
  return [
    ...Object.entries(params?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: schemaJson(schema),
    })),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      style: 'deepObject',
      explode: true,
      schema: schemaJson(schema),
    })),
  ];
}
