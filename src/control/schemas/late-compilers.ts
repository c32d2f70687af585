import assert from 'node:assert/strict';
import type { AjvCompiler } from '@fastify/ajv-compiler';
import type { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { once } from '../once.ts';
import { schemaJson } from '../public-api/frame/schema-json.ts';
import { compileRendered } from './rendered-once.ts';

interface Compilers {
  readonly validator: ReturnType<ReturnType<typeof AjvCompiler>>;
  readonly serializer: ReturnType<ReturnType<typeof SerializerSelector>>;
}

/** Says the server that it need not load compilers of its own. For `Fastify(…)`. */
export const withoutCompilers = {
  compilersFactory: {
    buildValidator: () => assert.fail('the compilers are those of lateCompilers'),
    buildSerializer: () => assert.fail('the compilers are those of lateCompilers'),
  },
} satisfies FastifyServerOptions['schemaController'];

/**
 * Compiles what checks the requests of a route and words its answers when the route is first used, with Fastify's own
 * compilers, which are loaded for the first request of all. At the start the schemas of all operations would take some
 * 25 MB in a process that nobody has asked for anything yet.
 */
export function lateCompilers(app: FastifyInstance): void {
  let loaded: Compilers | undefined;
  const compilers = () => {
    assert(loaded !== undefined, 'the compilers are loaded before a request is looked at');
    return loaded;
  };
  app.addHook('onRequest', (_request, _reply, done) => {
    if (loaded !== undefined) return done();
    load().then((found) => {
      loaded ??= found;
      done();
    }, done);
  });
  app.setValidatorCompiler(({ schema }) => {
    const validate = once(() => compilers().validator({ schema: schemaJson(schema) }));
    return (data) => (validate()(data) === true ? true : { error: validate().errors ?? [] });
  });
  app.setSerializerCompiler<object>(({ schema, method, url, httpStatus = '' }) => {
    const serialize = once(() =>
      compileRendered(schema, (part) =>
        compilers().serializer({ method, url, httpStatus, schema: part }),
      ),
    );
    return (data) => serialize()(data);
  });
}

async function load(): Promise<Compilers> {
  const { AjvCompiler } = await import('@fastify/ajv-compiler');
  const { SerializerSelector } = await import('@fastify/fast-json-stringify-compiler');
  const customOptions = {
    removeAdditional: false,
    coerceTypes: false,
    useDefaults: false,
    allErrors: true,
  };
  return {
    validator: AjvCompiler()({}, { customOptions }),
    serializer: SerializerSelector()({}, {}),
  };
}
