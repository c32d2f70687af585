import { presentSource } from '../../public-api/sources/present-source.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findNamedSource } from './find-named-source.ts';

export const deleteSource = configWrite({
  operationId: 'configDeleteSource',
  method: 'DELETE',
  path: '/workspaces/{workspace}/sources/{source}',
  tag: 'Sources',
  summary: 'Deletes a source with its write keys and destinations',
  permission: 'write',
  area: 'source',
  audit: { type: 'Source Deleted', resourceType: 'source' },
  response: Nothing,
  handle: async (context, { params }) => {
    const row = await findNamedSource(context.db, params.source);
    const before = await presentSource(context, row);
    await context.db.deleteFrom('source').where('id', '=', row.id).execute();
    return {
      data: nothing,
      audited: { resourceId: row.id, resourceName: row.name, before: { source: before } },
    };
  },
});
