import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentSource } from './present-source.ts';

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
  handle: async (context, { params }) => {
    const row = await findSource(context.db, params.sourceId);
    const before = await presentSource(context, row);
    await context.db.deleteFrom('source').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.name, before: { source: before } },
    };
  },
});
