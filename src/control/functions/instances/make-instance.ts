import type { Kysely } from 'kysely';
import { isDeviceDestination } from '../../../core/device-mode.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { WriteContext } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import type { FunctionRow } from '../find-function.ts';
import { findInstance, type InstanceRow } from './find-instance.ts';
import { changedInstanceSettings } from './instance-settings.ts';
import { refuseSecond } from './refuse-second.ts';

export interface NewInstance {
  /** Id of a source or destination. */
  readonly integrationId: string;
  readonly name: string;
  readonly enabled?: boolean;
  readonly settings: JsonObject;
}

/**
 * Puts an insert function in front of a source or destination, which asks for both. Throws `not_found`, `forbidden`, and
 * `input_validation` with the field: also for a function that is none to insert there; and `conflict` where another one is on.
 */
export async function makeInstance(
  { db, environment, principal, revision, now }: WriteContext,
  row: FunctionRow,
  given: NewInstance,
): Promise<InstanceRow> {
  const place = await placeOf(db, environment, row, given.integrationId);
  const resource = { type: 'SOURCE', id: place.owner } as const;
  await requireAccess(db, principal, 'admin', { area: 'source', resource });
  const { random, secrets } = environment;
  const id = newId(random);
  const enabled = given.enabled !== false;
  if (enabled) await refuseSecond(db, id, place);
  const declared = JSON.parse(row.settings);
  const settings = changedInstanceSettings(secrets, id, declared, {}, given.settings, 'all');
  await db
    .insertInto('function_instance')
    .values({
      id,
      function_id: row.id,
      position: revision,
      source_id: place.sourceId,
      destination_id: place.destinationId,
      name: given.name,
      enabled: enabled ? 1 : 0,
      settings: JSON.stringify(settings),
      created_at: now,
      updated_at: now,
    })
    .execute();
  return findInstance(db, id);
}

interface Place {
  /** The source it is about. */
  readonly owner: string;
  readonly sourceId: string | null;
  readonly destinationId: string | null;
}

async function placeOf(
  db: Kysely<ControlTables>,
  { catalog }: Environment,
  { id, resource_type: type }: FunctionRow,
  integrationId: string,
): Promise<Place> {
  if (!type.startsWith('INSERT_')) {
    const message = `"functionId": function '${id}' is no insert function`;
    throw new InputFailure([{ field: 'functionId', message }]);
  }
  const destination = await db
    .selectFrom('destination')
    .select(['id', 'source_id', 'metadata_id'])
    .where('id', '=', integrationId)
    .executeTakeFirst();
  const kind = destination && catalog.destination(destination.metadata_id);
  if (kind !== undefined && isDeviceDestination(kind)) {
    const message = `"integrationId": ${kind.name} runs in the browser, where no function does`;
    throw new InputFailure([{ field: 'integrationId', message }]);
  }
  if (destination !== undefined && type !== 'INSERT_SOURCE') {
    return { owner: destination.source_id, sourceId: null, destinationId: destination.id };
  }
  const source = await db
    .selectFrom('source')
    .select('id')
    .where('id', '=', integrationId)
    .executeTakeFirst();
  if (source !== undefined && type !== 'INSERT_DESTINATION') {
    return { owner: source.id, sourceId: source.id, destinationId: null };
  }
  if (source !== undefined || destination !== undefined) {
    const wanted = type === 'INSERT_SOURCE' ? 'source' : 'destination';
    const message = `"integrationId" must be a ${wanted} for this function`;
    throw new InputFailure([{ field: 'integrationId', message }]);
  }
  throw new TributaryError('not_found', `Integration with id '${integrationId}' not found.`);
}
