import Type from 'typebox';
import type { JsonObject } from '../../../core/json.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { findSource, presentSource } from './read-source.ts';
import { refuseTakenSlug, Slug } from './source-slug.ts';

export const updateSource = writeOperation({
  operationId: 'updateSource',
  method: 'PATCH',
  path: '/sources/{sourceId}',
  tag: 'Sources',
  summary: 'Changes a source; settings are merged',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    slug: Type.Optional(Slug),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ source: Source }),
  handle: async (context, { params, body }) => {
    const { db } = context;
    const row = await findSource(db, params.sourceId);
    if (body.slug !== undefined) await refuseTakenSlug(db, body.slug, row.id);
    const settings: JsonObject = { ...JSON.parse(row.settings), ...body.settings };
    const name = body.name ?? row.name;
    await db
      .updateTable('source')
      .set({
        name,
        slug: body.slug ?? row.slug,
        enabled: (body.enabled ?? row.enabled === 1) ? 1 : 0,
        settings: JSON.stringify(settings),
      })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { source: await presentSource(context, row.id) },
      audited: { resourceId: row.id, resourceName: name, type: auditType(row.enabled === 1, body) },
    };
  },
});

/** The most telling of the types the audit trail knows for this operation (spec public-api operations). */
function auditType(
  enabled: boolean,
  change: { readonly enabled?: boolean; readonly settings?: JsonObject },
): string {
  if (change.enabled !== undefined && change.enabled !== enabled) {
    return change.enabled ? 'Source Enabled' : 'Source Disabled';
  }
  return change.settings === undefined ? 'Source Modified' : 'Source Settings Modified';
}
