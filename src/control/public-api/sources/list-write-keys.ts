import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { WriteKey } from '../models/write-key.ts';
import { presentWriteKey } from './read-write-key.ts';

export const listWriteKeys = readOperation({
  operationId: 'listWriteKeys',
  method: 'GET',
  path: '/sources/{sourceId}/write-keys',
  tag: 'Tributary',
  summary: 'The write keys of a source with their mode, expiry and last use, oldest first',
  permission: 'write',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ writeKeys: Type.Array(WriteKey) }),
  handle: async ({ db, environment }, { params }) => {
    const source = await findSource(db, params.sourceId);
    const rows = await db
      .selectFrom('write_key')
      .selectAll()
      .where('source_id', '=', source.id)
      .orderBy('position')
      .execute();
    const now = environment.clock.now();
    return { writeKeys: rows.map((row) => presentWriteKey(row, now)) };
  },
});
