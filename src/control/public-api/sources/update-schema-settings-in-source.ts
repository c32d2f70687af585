import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { changeSchemaSettings, readSchemaSettings } from '../../sources/schema-settings.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SchemaSettings } from '../models/schema-settings.ts';

export const updateSchemaSettingsInSource = writeOperation({
  operationId: 'updateSchemaSettingsInSource',
  method: 'PATCH',
  path: '/sources/{sourceId}/settings',
  tag: 'Sources',
  summary: 'Changes the schema settings of a source; forwarding that is left out ends',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Settings Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: SchemaSettings,
  response: Type.Object({ sourceId: Type.String(), settings: SchemaSettings }),
  handle: async (context, { params, body }) => {
    const row = await findSource(context.db, params.sourceId);
    const changed = await changeSchemaSettings(context, row, body);
    return {
      data: { sourceId: row.id, settings: readSchemaSettings(changed) },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { settings: readSchemaSettings(row) },
      },
    };
  },
});
