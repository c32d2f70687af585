import type { Kysely } from 'kysely';
import Type from 'typebox';
import { type DeviceDestination, isDeviceDestination } from '../../../core/device-mode.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { mergeSettings } from '../../catalog/merge-settings.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../frame/input-failure.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { findSource } from '../sources/read-source.ts';
import { presentDestination } from './read-destination.ts';

export const createDestination = writeOperation({
  operationId: 'createDestination',
  method: 'POST',
  path: '/destinations',
  tag: 'Destinations',
  summary: 'Connects a destination to a source',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Integration Created', resourceType: 'destination' },
  body: Type.Object({
    sourceId: Type.String({ minLength: 1, maxLength: 255 }),
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ destination: Destination }),
  handle: async ({ db, environment, revision, now }, { body }) => {
    const definition = environment.catalog.destination(body.metadataId);
    if (definition === undefined) {
      throw new InputFailure([
        { field: 'metadataId', message: '"metadataId" is not in the catalog of destinations' },
      ]);
    }
    const source = await findSource(db, body.sourceId);
    if (isDeviceDestination(definition)) await refuseSecond(db, source.id, definition);
    const settings = mergeSettings(definition, {}, body.settings ?? {});
    const id = newId(environment.random);
    await db
      .insertInto('destination')
      .values({
        id,
        source_id: source.id,
        position: revision,
        metadata_id: definition.id,
        name: body.name ?? null,
        enabled: body.enabled === false ? 0 : 1,
        settings: JSON.stringify(settings),
        since: now,
        created_at: now,
      })
      .execute();
    return {
      data: { destination: await presentDestination(db, environment.catalog, id) },
      audited: { resourceId: id, resourceName: body.name ?? definition.name },
    };
  },
});

/** analytics.js knows plugins by their kind: of two, it would load one. */
async function refuseSecond(
  db: Kysely<ControlTables>,
  sourceId: string,
  { id, name }: DeviceDestination,
): Promise<void> {
  const first = await db
    .selectFrom('destination')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('metadata_id', '=', id)
    .executeTakeFirst();
  if (first === undefined) return;
  const message = `"metadataId": ${name} runs in the browser, and the source has it as '${first.id}'`;
  throw new InputFailure([{ field: 'metadataId', message }]);
}
