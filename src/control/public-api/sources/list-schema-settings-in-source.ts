import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readSchemaSettings } from '../../sources/schema-settings.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SchemaSettings } from '../models/schema-settings.ts';

export const listSchemaSettingsInSource = readOperation({
  operationId: 'listSchemaSettingsInSource',
  method: 'GET',
  path: '/sources/{sourceId}/settings',
  tag: 'Sources',
  summary: 'What a source does with events that its tracking plan does not have, or that break it',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ sourceId: Type.String(), settings: SchemaSettings }),
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    return { sourceId: row.id, settings: readSchemaSettings(row) };
  },
});
