import type { JsonObject } from '../../../core/json.ts';
import type { WriteContext } from '../../context.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import type { AudienceRow } from '../find-audience.ts';
import { type AudienceConnectionRow, findAudienceConnection } from './find-connection.ts';

export interface NewAudienceConnection {
  readonly destinationId: string;
  readonly idSync: readonly object[];
  readonly settings: JsonObject;
  /** What the audience is at the vendor. */
  readonly externalId: string | null;
}

/** Connects an audience to a destination. Throws `not_found`, `input_validation` where it is connected already. */
export async function connectDestination(
  { db, environment, revision, now }: WriteContext,
  audience: AudienceRow,
  given: NewAudienceConnection,
): Promise<AudienceConnectionRow> {
  const destination = await findDestination(db, given.destinationId);
  const known = await db
    .selectFrom('audience_destination')
    .select('id')
    .where('audience_id', '=', audience.id)
    .where('destination_id', '=', destination.id)
    .executeTakeFirst();
  if (known !== undefined) throw connectedAlready();
  const id = newId(environment.random);
  await db
    .insertInto('audience_destination')
    .values({
      ...{ id, audience_id: audience.id, destination_id: destination.id, position: revision },
      external_id: given.externalId,
      settings: JSON.stringify(given.settings),
      id_sync: JSON.stringify(given.idSync),
      ...{ created_at: now, updated_at: now },
    })
    .execute();
  return findAudienceConnection(db, audience, id);
}

export function connectedAlready(): InputFailure {
  const field = 'destination.id';
  return new InputFailure([{ field, message: `"${field}": the audience is connected to it` }]);
}
