import { InputFailure } from '../../input-failure.ts';
import { presentSource } from '../../public-api/sources/present-source.ts';
import { Type } from '../../schemas/type.ts';
import { makeSource } from '../../sources/make-source.ts';
import { configWrite } from '../frame/config-operation.ts';
import { lastPart, workspaceName } from '../frame/resource-name.ts';
import { configSource, Source } from './source.ts';

const slugPattern = /^[A-Za-z0-9._-]{1,255}$/;

export const createSource = configWrite({
  operationId: 'configCreateSource',
  method: 'POST',
  path: '/workspaces/{workspace}/sources',
  tag: 'Sources',
  summary: 'Makes a source with one write key',
  permission: 'write',
  area: 'source',
  audit: { type: 'Source Created', resourceType: 'source' },
  body: Type.Object({
    source: Type.Object({
      /** The full name, or its last part. */
      name: Type.String({ minLength: 1 }),
      catalog_name: Type.String({ minLength: 1 }),
      display_name: Type.Optional(Type.String({ maxLength: 255 })),
    }),
  }),
  response: Source,
  handle: async (context, { body: { source } }) => {
    const { environment } = context;
    const slug = lastPart(
      environment,
      'source.name',
      source.name,
      `${workspaceName(environment)}/sources`,
    );
    if (!slugPattern.test(slug)) {
      const message = '"source.name" may have letters, digits, "-", "_" and "." in its last part';
      throw new InputFailure([{ field: 'source.name', message }]);
    }
    const metadataId = source.catalog_name.replace(/^catalog\/sources\//, '');
    if (environment.catalog.source(metadataId) === undefined) {
      const message = '"source.catalog_name" is not in the catalog of sources';
      throw new InputFailure([{ field: 'source.catalog_name', message }]);
    }
    const row = await makeSource(context, {
      slug,
      metadataId,
      ...(source.display_name && { name: source.display_name }),
    });
    return {
      data: await configSource(context, row),
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        after: { source: await presentSource(context, row) },
      },
    };
  },
});
