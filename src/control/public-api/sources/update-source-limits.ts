import type { SourceLimits } from '../../../core/snapshot.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentLimits, SourceLimitsInput, SourceLimitsOutput } from './source-limits.ts';

export const updateSourceLimits = writeOperation({
  operationId: 'updateSourceLimits',
  method: 'PATCH',
  path: '/sources/{sourceId}/limits',
  tag: 'Tributary',
  summary: 'Sets limits of a source; null goes back to the default of the server',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: SourceLimitsInput,
  response: Type.Object({ limits: SourceLimitsOutput }),
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const changed = new Map<string, number>(Object.entries(JSON.parse(row.limits)));
    for (const name of Object.keys(SourceLimitsInput.properties)) {
      const value = new Map<string, number | null>(Object.entries(body)).get(name);
      if (value === null) changed.delete(name);
      else if (value !== undefined) changed.set(name, value);
    }
    const limits: SourceLimits = Object.fromEntries(changed);
    await db
      .updateTable('source')
      .set({ limits: JSON.stringify(limits) })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { limits: presentLimits(limits) },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { limits: presentLimits(JSON.parse(row.limits)) },
      },
    };
  },
});
