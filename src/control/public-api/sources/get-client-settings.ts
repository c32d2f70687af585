import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { ClientSettingsModel } from '../models/client-settings.ts';

export const getClientSettings = readOperation({
  operationId: 'getClientSettings',
  method: 'GET',
  path: '/sources/{sourceId}/client-settings',
  tag: 'Tributary',
  summary: 'What the SDKs of a source are told beyond the defaults',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ clientSettings: ClientSettingsModel }),
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    return { clientSettings: JSON.parse(row.client_settings) };
  },
});
