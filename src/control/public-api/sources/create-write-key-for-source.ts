import { newWriteKey } from '../../ids.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSource } from './present-source.ts';

export const createWriteKeyForSource = writeOperation({
  operationId: 'createWriteKeyForSource',
  method: 'POST',
  path: '/sources/{sourceId}/writekey',
  tag: 'Sources',
  summary: 'Adds a write key; the others stay valid',
  permission: 'write',
  on: { source: 'sourceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ source: Source }),
  handle: async (context, { params }) => {
    const { db, environment, revision, now } = context;
    const row = await findSource(db, params.sourceId);
    const before = await presentSource(context, row);
    await db
      .insertInto('write_key')
      .values({
        write_key: newWriteKey(environment.random, row.region),
        source_id: row.id,
        position: revision,
        created_at: now,
      })
      .execute();
    return {
      data: { source: await presentSource(context, row) },
      audited: { resourceId: row.id, resourceName: row.name, before: { source: before } },
    };
  },
});
