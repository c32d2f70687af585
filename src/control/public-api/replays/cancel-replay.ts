import { TributaryError } from '../../../core/errors.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { findReplay } from './read-replay.ts';

export const cancelReplay = writeOperation({
  operationId: 'cancelReplay',
  method: 'DELETE',
  path: '/replays/{replayId}',
  tag: 'Tributary',
  summary: 'Ends a running replay; what it has delivered stays delivered',
  permission: 'write',
  on: { replay: 'replayId' },
  audit: { type: 'Replay Cancelled', resourceType: 'replay' },
  params: Type.Object({ replayId: Id }),
  response: StatusOutput,
  handle: async ({ db, now }, { params }) => {
    const row = await findReplay(db, params.replayId);
    if (row.ended_at !== null) {
      throw new TributaryError('conflict', `Replay with id '${row.id}' has ended already.`);
    }
    await db
      .updateTable('replay')
      .set({ ended_at: now, cancelled: 1 })
      .where('id', '=', row.id)
      .execute();
    return { data: success, audited: { resourceId: row.id, resourceName: row.destination_id } };
  },
});
