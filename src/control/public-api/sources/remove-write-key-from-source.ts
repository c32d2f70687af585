import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { findWriteKey, presentWriteKey } from './read-write-key.ts';

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
  handle: async ({ db, now }, { params }) => {
    const row = await findSource(db, params.sourceId);
    const key = await findWriteKey(db, row.id, params.writeKey);
    await db.deleteFrom('write_key').where('write_key', '=', key.write_key).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { writeKey: presentWriteKey(key, now) },
      },
    };
  },
});
