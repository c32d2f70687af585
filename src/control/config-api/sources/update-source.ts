import { presentSource } from '../../public-api/sources/present-source.ts';
import { Type } from '../../schemas/type.ts';
import { changeSource } from '../../sources/change-source.ts';
import { configWrite } from '../frame/config-operation.ts';
import { maskedText, maskKeys, ResourceInput, readMasked } from '../frame/update-mask.ts';
import { findNamedSource } from './find-named-source.ts';
import { configSource, Source } from './source.ts';

export const updateSource = configWrite({
  operationId: 'configUpdateSource',
  method: 'PATCH',
  path: '/workspaces/{workspace}/sources/{source}',
  tag: 'Sources',
  summary: 'Changes the display name of a source; reset, it is the slug',
  permission: 'write',
  area: 'source',
  audit: { type: 'Source Modified', resourceType: 'source' },
  body: Type.Object({ source: ResourceInput, ...maskKeys }),
  response: Source,
  handle: async (context, { params, body }) => {
    const row = await findNamedSource(context.db, params.source);
    const name = maskedText(readMasked(body, 'source', ['display_name']), 'source', 'display_name');
    const before = await presentSource(context, row);
    const changed = await changeSource(
      context,
      row,
      name === undefined ? {} : { name: name || row.slug },
    );
    return {
      data: await configSource(context, changed),
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { source: before },
        after: { source: await presentSource(context, changed) },
      },
    };
  },
});
