import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';

export const updateSourceRegion = writeOperation({
  operationId: 'updateSourceRegion',
  method: 'PATCH',
  path: '/sources/{sourceId}/region',
  tag: 'Tributary',
  summary: 'Sets the region whose deployment takes the events of a source; null is any',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    region: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9-]{0,15}$',
    }),
  }),
  response: Type.Object({ region: nullable('string') }),
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const { region } = body;
    await db.updateTable('source').set({ region }).where('id', '=', row.id).execute();
    return {
      data: { region },
      audited: { resourceId: row.id, resourceName: row.name, before: { region: row.region } },
    };
  },
});
