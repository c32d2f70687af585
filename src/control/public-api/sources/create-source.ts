import Type from 'typebox';
import { newId, newWriteKey } from '../../ids.ts';
import { InputFailure } from '../frame/input-failure.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSource } from './read-source.ts';
import { refuseTakenSlug, Slug } from './source-slug.ts';

export const createSource = writeOperation({
  operationId: 'createSource',
  method: 'POST',
  path: '/sources',
  tag: 'Sources',
  summary: 'Makes a source with one write key',
  permission: 'write',
  on: 'source',
  status: 201,
  audit: { type: 'Source Created', resourceType: 'source' },
  body: Type.Object({
    slug: Slug,
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    enabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    settings: Type.Optional(FreeObject),
    disconnectAllWarehouses: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ source: Source }),
  handle: async (context, { body }) => {
    const { db, environment, revision, now } = context;
    const definition = environment.catalog.source(body.metadataId);
    if (definition === undefined) {
      throw new InputFailure([
        { field: 'metadataId', message: '"metadataId" is not in the catalog of sources' },
      ]);
    }
    await refuseTakenSlug(db, body.slug);
    const id = newId(environment.random);
    const name = body.name ?? body.slug;
    await db
      .insertInto('source')
      .values({
        id,
        workspace_id: environment.workspace.id,
        position: revision,
        slug: body.slug,
        name,
        enabled: body.enabled === false ? 0 : 1,
        metadata_id: definition.id,
        settings: JSON.stringify(body.settings ?? {}),
        limits: '{}',
        region: environment.region,
        created_at: now,
      })
      .execute();
    await db
      .insertInto('write_key')
      .values({
        write_key: newWriteKey(environment.random, environment.region),
        source_id: id,
        position: revision,
        created_at: now,
      })
      .execute();
    return {
      data: { source: await presentSource(context, id) },
      audited: { resourceId: id, resourceName: name },
    };
  },
});
