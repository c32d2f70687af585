import Type from 'typebox';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { findSource } from './read-source.ts';

export const deleteSource = writeOperation({
  operationId: 'deleteSource',
  method: 'DELETE',
  path: '/sources/{sourceId}',
  tag: 'Sources',
  summary: 'Deletes a source with its write keys and destinations',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Deleted', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    await db.deleteFrom('source').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
