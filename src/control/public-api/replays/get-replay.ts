import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Replay } from '../models/replay.ts';
import { findReplay, presentReplay } from './read-replay.ts';

export const getReplay = readOperation({
  operationId: 'getReplay',
  method: 'GET',
  path: '/replays/{replayId}',
  tag: 'Tributary',
  summary: 'One replay and how far it has come',
  permission: 'read',
  on: { replay: 'replayId' },
  params: Type.Object({ replayId: Id }),
  response: Type.Object({ replay: Replay }),
  handle: async ({ db, environment }, { params }) => ({
    replay: await presentReplay(environment.work(), await findReplay(db, params.replayId)),
  }),
});
