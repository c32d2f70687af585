import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { AnyJson, Id } from '../frame/schema.ts';
import { ClientSettingsModel } from '../models/client-settings.ts';
import { changedClientSettings } from './change-client-settings.ts';

const anyKey = Object.keys(ClientSettingsModel.properties).map(
  (key) => [key, Type.Optional(AnyJson)] as const,
);

export const updateClientSettings = writeOperation({
  operationId: 'updateClientSettings',
  method: 'PATCH',
  path: '/sources/{sourceId}/client-settings',
  tag: 'Tributary',
  summary: 'Changes what the SDKs of a source are told: a JSON Merge Patch, null takes away',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Settings Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object(Object.fromEntries(anyKey)),
  response: Type.Object({ clientSettings: ClientSettingsModel }),
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const clientSettings = await changedClientSettings(JSON.parse(row.client_settings), body);
    await db
      .updateTable('source')
      .set({ client_settings: JSON.stringify(clientSettings) })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { clientSettings },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { clientSettings: JSON.parse(row.client_settings) },
      },
    };
  },
});
