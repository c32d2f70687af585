import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { streamOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

/**
 * Server-sent events: `accepted`, `refused`, `discarded`, `delivered`, `retrying`, each with JSON
 * data; `skipped` says how many were left out. Begins with what is received from now on.
 */
export const tailSource = streamOperation({
  operationId: 'tailSource',
  method: 'GET',
  path: '/sources/{sourceId}/tail',
  tag: 'Tributary',
  summary: 'The events of a source while they happen, as server-sent events',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  handle: async ({ db, environment }, { params }) => {
    const source = await findSource(db, params.sourceId);
    await environment.tail.prepare();
    return (stream) => environment.tail.add(source.id, stream);
  },
});
