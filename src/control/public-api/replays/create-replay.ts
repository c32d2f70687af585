import { isDeviceDestination } from '../../../core/device-mode.ts';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Replay } from '../models/replay.ts';
import { findReplay, presentReplay } from './read-replay.ts';

export const createReplay = writeOperation({
  operationId: 'createReplay',
  method: 'POST',
  path: '/destinations/{destinationId}/replays',
  tag: 'Tributary',
  summary: 'Sends the events received in [from, to) again, beside the live delivery',
  permission: 'write',
  on: { destination: 'destinationId' },
  status: 201,
  audit: { type: 'Replay Created', resourceType: 'replay' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({
    from: Type.String({ maxLength: 64 }),
    /** Now when absent. */
    to: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  response: Type.Object({ replay: Replay }),
  handle: async ({ db, environment, revision, now }, { params, body }) => {
    const destination = await findDestination(db, params.destinationId);
    const kind = environment.catalog.destination(destination.metadata_id);
    if (kind !== undefined && isDeviceDestination(kind)) {
      const message = `${kind.name} runs in the browser: there is nothing to send again from here`;
      throw new InputFailure([{ field: 'destinationId', message }]);
    }
    const from = parseIsoTime('from', body.from);
    const to = body.to === undefined ? now : parseIsoTime('to', body.to);
    if (from >= to) {
      throw new InputFailure([{ field: 'to', message: '"to" must be later than "from"' }]);
    }
    const running = await db
      .selectFrom('replay')
      .select('id')
      .where('destination_id', '=', destination.id)
      .where('ended_at', 'is', null)
      .limit(limits.replaysRunning)
      .execute();
    if (running.length === limits.replaysRunning) {
      throw new TributaryError(
        'conflict',
        `${limits.replaysRunning} replays of this destination are running already.`,
      );
    }
    const id = newId(environment.random);
    await db
      .insertInto('replay')
      .values({
        id,
        destination_id: destination.id,
        position: revision,
        from_time: from,
        to_time: to,
        created_at: now,
        ended_at: null,
        cancelled: 0,
      })
      .execute();
    return {
      data: { replay: await presentReplay(environment.work(), await findReplay(db, id)) },
      audited: { resourceId: id, resourceName: destination.name ?? destination.id },
    };
  },
});
