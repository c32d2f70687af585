import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';
import { WriteKey } from '../models/write-key.ts';
import { findWriteKey, presentWriteKey } from './read-write-key.ts';

export const updateWriteKey = writeOperation({
  operationId: 'updateWriteKey',
  method: 'PATCH',
  path: '/sources/{sourceId}/write-keys/{writeKey}',
  tag: 'Tributary',
  summary: 'Sets when a write key expires, or its name; null takes either away',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id, writeKey: Id }),
  body: Type.Object({
    name: Type.Optional(nullable('string')),
    /** ISO 8601; a moment that has passed expires the key at once. */
    expiresAt: Type.Optional(nullable('string')),
  }),
  response: Type.Object({ writeKey: WriteKey }),
  handle: async ({ db, now }, { params, body }) => {
    const source = await findSource(db, params.sourceId);
    const row = await findWriteKey(db, source.id, params.writeKey);
    const { expiresAt, name = row.name } = body;
    const expires = typeof expiresAt === 'string' ? parseIsoTime('expiresAt', expiresAt) : null;
    await db
      .updateTable('write_key')
      .set({
        name: name === null ? null : name.slice(0, 255),
        expires_at: expiresAt === undefined ? row.expires_at : expires,
      })
      .where('write_key', '=', row.write_key)
      .execute();
    const changed = await findWriteKey(db, source.id, row.write_key);
    return {
      data: { writeKey: presentWriteKey(changed, now) },
      audited: {
        resourceId: source.id,
        resourceName: source.name,
        before: { writeKey: presentWriteKey(row, now) },
      },
    };
  },
});
