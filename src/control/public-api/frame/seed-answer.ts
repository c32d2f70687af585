import type { FastifyReply } from 'fastify';
import type { JsonObject } from '../../../core/json.ts';
import type { ReadContext } from '../../context.ts';
import { Type } from '../../schemas/type.ts';
import type { ReadOperation, WriteOperation } from './operation.ts';
import { schemaJson } from './schema-json.ts';

const compiled = new WeakMap<object, JsonObject>();

/**
 * An answer as seed 004 words it: 200 where Segment answers 201, and with the keys of the operation's
 * `seed` where it declares them.
 */
export async function sendSeedAnswer(
  operation: ReadOperation | WriteOperation,
  context: ReadContext,
  data: object,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { seed } = operation;
  if (seed === undefined) return reply.send({ data });
  const schema = compiled.get(seed) ?? schemaJson(Type.Object({ data: seed.response }));
  compiled.set(seed, schema);
  const serialize = reply.compileSerializationSchema(schema);
  reply.serializer((payload: Record<string, unknown>) => serialize(payload));
  return reply.send({ data: await seed.from({ ...data }, context) });
}
