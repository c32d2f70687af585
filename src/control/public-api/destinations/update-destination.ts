import Type from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import { mergeSettings } from '../../catalog/merge-settings.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id, nullable } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { findDestination, presentDestination } from './read-destination.ts';

export const updateDestination = writeOperation({
  operationId: 'updateDestination',
  method: 'PATCH',
  path: '/destinations/{destinationId}',
  tag: 'Destinations',
  summary: 'Changes a destination; settings are merged, masked secrets stay',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({
    name: Type.Optional(nullable('string')),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ destination: Destination }),
  handle: async ({ db, environment, now }, { params, body }) => {
    const row = await findDestination(db, params.destinationId);
    const definition = environment.catalog.destination(row.metadata_id);
    if (definition === undefined) {
      throw new TributaryError('not_found', `The kind of '${row.id}' is not known here.`);
    }
    const wasEnabled = row.enabled === 1;
    const enabled = body.enabled ?? wasEnabled;
    const name = body.name === undefined ? row.name : body.name || null;
    await db
      .updateTable('destination')
      .set({
        name,
        enabled: enabled ? 1 : 0,
        // What arrived while it was off is not its own.
        since: enabled && !wasEnabled ? now : row.since,
        settings: JSON.stringify(
          mergeSettings(definition, JSON.parse(row.settings), body.settings ?? {}),
        ),
      })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { destination: await presentDestination(db, environment.catalog, row.id) },
      audited: {
        resourceId: row.id,
        resourceName: name ?? definition.name,
        ...(enabled === wasEnabled
          ? {}
          : { type: enabled ? 'Integration Enabled' : 'Integration Disabled' }),
      },
    };
  },
});
