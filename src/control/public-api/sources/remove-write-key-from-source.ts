import Type from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const removeWriteKeyFromSource = writeOperation({
  operationId: 'removeWriteKeyFromSource',
  method: 'DELETE',
  path: '/sources/{sourceId}/writekey/{writeKey}',
  tag: 'Sources',
  summary: 'Revokes one write key',
  permission: 'write',
  on: { source: 'sourceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id, writeKey: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    const { numDeletedRows } = await db
      .deleteFrom('write_key')
      .where('source_id', '=', row.id)
      .where('write_key', '=', params.writeKey)
      .executeTakeFirst();
    if (numDeletedRows === 0n) {
      throw new TributaryError('not_found', `The source has no write key '${params.writeKey}'.`);
    }
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
